import Foundation
import Synchronization
import TestSupport

/// The plugin that does harm, as one row wants it compiled.
enum FaultPlugin: String, Sendable {
    case plain
    case serial
    case signalsInCreate = "signals_in_create"
    case constructorCrashes = "constructor_crashes"
    /// Its constructor makes the file ``marker``.
    case constructorWrites = "constructor_writes"
    case exportsMore = "exports_more"
    /// May keep more than the disk of its host holds.
    case largeStore = "large_store"
    /// Asks for the permission to start programs.
    case startsPrograms = "starts_programs"
    /// Has C++ of another library than the host's, for which it has an operation more.
    case otherRuntime = "other_runtime"
    /// Served beside another plugin with functions of the same names.
    case besideClash = "clash"

    /// The folders to serve, each with skill.yaml and library.
    func folders(_ mode: IsolationMode) throws -> [String] {
        let build = try Build.shared.get()
        return try (self == .besideClash ? [.plain, self] : [self]).map { try build.folder($0, mode) }
    }

    /// The file that a constructor makes where it can.
    static func marker(_ mode: IsolationMode) throws -> String { try Build.shared.get().marker(mode) }

    /// A folder of its own with the plugin in this version, at `path`.
    static func make(version: String, at path: String) throws {
        try Build.shared.get().make(.plain, .sandbox, version: version, at: path)
    }

    /// Some of the bundled plugins, so that a host starts quickly.
    static let bystanders = Result { () throws -> ScratchFolder in
        let folder = try ScratchFolder()
        try FileManager.default.copyItem(atPath: SourceTree.bundledPlugins + "/echo", toPath: folder.path + "/echo")
        Leftovers.hold(folder)
        return folder
    }

    fileprivate var exportMap: [String] {
        self == .exportsMore ? [] : Compiler.exportMap
    }

    /// Beyond those of the plain one.
    fileprivate var permission: String { self == .startsPrograms ? "  process.spawn: true\n" : "" }

    fileprivate var name: (id: String, taskType: String) {
        self == .besideClash ? ("acme/clash", "clash") : ("acme/faults", "faults")
    }
}

/// Compiles the behaviours once and links the variants to them.
private final class Build: Sendable {
    static let shared = Result { try Build() }

    private static let sources = SourceTree.path("Tests/Faults/Fixtures/Fault")
    private let scratch: ScratchFolder
    private let folders = Mutex<Set<String>>([])

    init() throws {
        scratch = try ScratchFolder()
        Leftovers.hold(scratch)
        for name in ["endings", "hangs", "resources", "streams", "misuses", "results", "process", "wire"] {
            let (source, object) = ("\(Self.sources)/\(name).c", "\(scratch.path)/\(name).o")
            try Compiler.run(["clang", "-std=gnu11", "-c"] + Compiler.flags + [source, "-o", object])
        }
        let exception = "\(Self.sources)/exception.cpp"
        try Compiler.run(
            ["clang++", "-std=c++17", "-c"] + Compiler.flags + [exception, "-o", scratch.path + "/exception.o"]
        )
    }

    func marker(_ mode: IsolationMode) -> String { "\(scratch.path)/made-by-a-constructor-\(mode.rawValue)" }

    func folder(_ plugin: FaultPlugin, _ mode: IsolationMode) throws -> String {
        try folders.withLock { folders in
            // Only the marker tells the modes apart.
            let ending = plugin == .constructorWrites ? "-" + mode.rawValue : ""
            let folder = "\(scratch.path)/\(plugin.rawValue)\(ending)"
            if !folders.contains(folder) { try make(plugin, mode, version: "1.0.0", at: folder) }
            folders.insert(folder)
            return folder
        }
    }

    /// What links the library of C++.
    private func runtime(of plugin: FaultPlugin, at folder: String) throws -> [String] {
        guard plugin == .otherRuntime else { return ["-lstdc++"] }
        let object = folder + "/runtime.o"
        try Compiler.run(
            ["clang++", "-std=c++17", "-stdlib=libc++", "-c"] + Compiler.flags
                + [Self.sources + "/runtime.cpp", "-o", object]
        )
        return [object, "-lc++"]
    }

    func make(_ plugin: FaultPlugin, _ mode: IsolationMode, version: String, at folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let manifest = try String(contentsOfFile: Self.sources + "/skill.yaml", encoding: .utf8)
            .replacing("version: 1.0.0", with: "version: " + version)
            .replacing("name: acme/faults", with: "name: " + plugin.name.id)
            .replacing("task_type: faults", with: "task_type: " + plugin.name.taskType)
            .replacing("permissions:\n", with: "permissions:\n" + plugin.permission)
            .replacing("quota_mb: 1 ", with: plugin == .largeStore ? "quota_mb: 64 " : "quota_mb: 1 ")
        try Data(manifest.utf8).write(to: URL(filePath: folder + "/skill.yaml"))
        let objects = try FileManager.default.contentsOfDirectory(atPath: scratch.path).filter { $0.hasSuffix(".o") }
        try Compiler.run(
            ["clang", "-std=gnu11", "-shared"] + Compiler.flags + [
                "-DVARIANT_" + plugin.rawValue,
                "-DFAULT_ID=\"\(plugin.name.id)\"",
                "-DFAULT_VERSION=\"\(version)\"", "-DFAULT_MARKER=\"\(marker(mode))\"",
                "-o", folder + "/skill.so", Self.sources + "/prax_fault.c",
            ] + objects.map { scratch.path + "/" + $0 } + plugin.exportMap + (try runtime(of: plugin, at: folder))
        )
    }
}
