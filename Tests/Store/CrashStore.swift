import Foundation
import PraximousJSON
import TestSupport
import Testing

/// Three releases of one package in a store of their own, and hosts that are killed while they install them.
struct CrashStore {
    static let name = "acme/hello"

    struct Failed: Error { let what: String }

    private let scratch: ScratchFolder
    private let key: String
    /// The index that lists release 1.0.0; then 1.1.0 as well; then 1.2.0.
    var first: String { scratch.path + "/1/skills.json" }
    var second: String { scratch.path + "/2/skills.json" }
    var third: String { scratch.path + "/3/skills.json" }

    init() async throws {
        scratch = try ScratchFolder()
        let keygen = try await Command.run([
            SourceTree.hostExecutable, "registry", "keygen", "--out", scratch.path + "/store.key",
        ])
        guard keygen.exitCode == 0, let key = keygen.output.split(separator: "\n").last else {
            throw Failed(what: keygen.errors)
        }
        self.key = String(key)
        for (number, version) in ["1.0.0", "1.1.0", "1.2.0"].enumerated() {
            try await addSource(version)
            let build = try await Command.run([
                SourceTree.hostExecutable, "registry", "build", "--sources", scratch.path + "/sources", "--out",
                "\(scratch.path)/\(number + 1)/registry", "--key", scratch.path + "/store.key", "--generated",
                "2026-11-2\(number + 1)T00:00:00Z", "--expires", "2099-01-01T00:00:00Z",
            ])
            guard build.exitCode == 0 else { throw Failed(what: build.errors) }
        }
    }

    /// The folder that a server serves for an index.
    func folder(of index: String) -> String { String(index.dropLast("/skills.json".count)) }

    private func addSource(_ version: String) async throws {
        let folder = "sources/hello-\(version)"
        let manifest = PluginFixture.manifest(name: Self.name, taskType: "hello", operations: ["greet"])
            .replacing("version: 1.0.0", with: "version: \(version)")
            .replacing(": skill.so, linux-aarch64: skill.so", with: ": lib/linux-x86_64/skill.so")
        try scratch.write(manifest, to: folder + "/skill.yaml")
        let source = try scratch.write(Self.source(version), to: "hello.c")
        let library = "\(scratch.path)/\(folder)/lib/linux-x86_64"
        try FileManager.default.createDirectory(atPath: library, withIntermediateDirectories: true)
        let compile = try await Command.run([
            "clang", "-shared", "-fPIC", "-fvisibility=hidden", "-O1", "-I" + SourceTree.path("PluginAPI/include"),
            "-I" + SourceTree.path("Tests/ABI/Bad"), "-Wl,--version-script=" + SourceTree.path("PluginAPI/exports.map"),
            "-o", library + "/skill.so", source,
        ])
        guard compile.exitCode == 0 else { throw Failed(what: compile.errors) }
    }

    private static func source(_ version: String) -> String {
        """
        #include "good.h"
        static prax_plugin plugin = {
            .magic = PRAX_MAGIC, .size = sizeof(prax_plugin), .abi_major = PRAX_ABI_MAJOR,
            .abi_minor = PRAX_ABI_MINOR, .id = PRAX_STR_INIT("\(name)"), .version = PRAX_STR_INIT("\(version)"),
            .create = create, .get_interface = get_interface, .destroy = destroy,
        };
        ENTRY((void)0)
        """
    }

    /// Runs `arguments` in fresh installations, killed at point 1, 2, and so on, and checks each afterwards.
    ///
    /// `prepare` makes what is there before; `allowed` are the lists of installed versions that may be found after.
    /// A short run takes every `step`th point, as each takes seconds; the long one leaves none out.
    /// Returns the changes that were cut off.
    func killEverywhere(
        _ arguments: [String],
        allowed: [[String]],
        index: String,
        step shortStep: Int = 2,
        prepare: (String) async throws -> Void
    ) async throws -> [String] {
        let original = scratch.path + "/prepared"
        try writeConfiguration(in: original)
        try await prepare(original)
        let known = try await findings(original, index)
        var points: [String] = []
        let step = SourceTree.isLongRun ? 1 : shortStep
        while true {
            let root = "\(scratch.path)/root-\(points.count)"
            let copy = try await Command.run(["cp", "-a", original, root])
            guard copy.exitCode == 0 else { throw Failed(what: copy.errors) }
            let killed = try await host(arguments, root, index, crashAt: points.count * step + 1)
            guard killed.exitCode == 137 else {
                #expect(killed.exitCode == 0, "\(killed.errors)")
                return points
            }
            let point = killed.errors.split(separator: "\n").last.map(String.init) ?? ""
            points.append(point.replacing(root, with: ""))
            try await check(root, index: index, allowed: allowed, known: known, point: point)
            try await host(["plugins", "remove", "--yes", Self.name], root, index)
            _ = try await Command.run(["rm", "-rf", root])
        }
    }

    func install(in root: String, index: String) async throws {
        let install = try await host(["plugins", "install", "--yes", Self.name], root, index)
        guard install.exitCode == 0 else { throw Failed(what: install.errors) }
    }

    /// The lock file of an installation that has the newest release of an index.
    func lock(of index: String) async throws -> String {
        let root = scratch.path + "/locked"
        try writeConfiguration(in: root)
        try await install(in: root, index: index)
        let lock = try await host(["plugins", "lock", "-o", scratch.path + "/plugins.lock"], root, index)
        guard lock.exitCode == 0 else { throw Failed(what: lock.errors) }
        return scratch.path + "/plugins.lock"
    }

    /// What the next one finds is whole: old or new, intact, nothing for the doctor; and it can go on.
    private func check(
        _ root: String,
        index: String,
        allowed: [[String]],
        known: Set<String>,
        point: String
    ) async throws {
        let before = try await installed(root, index)
        #expect(allowed.contains(before), "\(point): \(before)")
        let verify = try await host(["plugins", "verify", "--all"], root, index)
        #expect(verify.exitCode == 0, "\(point): \(verify.output) \(verify.errors)")
        let new = try await findings(root, index).subtracting(known)
        #expect(new.isEmpty, "\(point): \(new)")
        let again = try await host(["plugins", "install", "--yes", Self.name], root, index)
        #expect(again.exitCode == 0, "\(point): \(again.errors)")
        let newest = index == first ? "1.0.0" : index == second ? "1.1.0" : "1.2.0"
        #expect(try await installed(root, index) == [newest], "\(point)")
        #expect(try debris(root) == [], "\(point)")
        let verifyAgain = try await host(["plugins", "verify", "--all"], root, index)
        #expect(verifyAgain.exitCode == 0, "\(point): \(verifyAgain.output)")
    }

    private func installed(_ root: String, _ index: String) async throws -> [String] {
        let list = try await host(["plugins", "list", "--json"], root, index)
        let plugins = try JSON.parse(list.output)["plugins"]?.arrayValue ?? []
        return plugins.filter { $0["name"]?.stringValue == Self.name }.compactMap { $0["version"]?.stringValue }
    }

    /// What no finished change leaves: stages, half downloads, temporary names, versions that no receipt keeps.
    private func debris(_ root: String) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: root + "/plugins")
        let versions = names.filter { $0.hasPrefix("store/acme/hello/") && $0.split(separator: "/").count == 4 }
        let temporary = names.filter { name in
            name.hasPrefix("staging/") || name.split(separator: "/").last?.hasPrefix(".") == true
        }
        return temporary + (versions.count > 2 ? versions : [])
    }

    /// What the doctor has to say that is not ok; says nothing of how far this machine is set up when it exits with 0.
    private func findings(_ root: String, _ index: String) async throws -> Set<String> {
        let doctor = try await host(["doctor", "--json"], root, index)
        guard doctor.exitCode != 0 else { return [] }
        let all = try JSON.parse(doctor.output)["findings"]?.arrayValue ?? []
        let bad = all.filter { $0["state"] == "bad" }.map { $0.text.replacing(root, with: "") }
        return bad.isEmpty ? ["exit \(doctor.exitCode ?? -1): \(doctor.errors)"] : Set(bad)
    }

    @discardableResult
    func host(_ arguments: [String], _ root: String, _ index: String, crashAt: Int? = nil) async throws
        -> Command
    {
        var environment = ["PRAX_STORE_INDEX": index, "SWIFT_BACKTRACE": "enable=no"]
        environment["PRAX_CRASH_AT"] = crashAt.map(String.init)
        return try await Command.run(
            [SourceTree.hostExecutable] + arguments + ["--root", root],
            environment: environment
        )
    }

    func writeConfiguration(in root: String) throws {
        let folder = root + "/config"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("store: { keys: [\"\(key)\"] }\n".utf8).write(to: URL(filePath: folder + "/praximous.yaml"))
    }
}
