import Core
import Foundation
import PraximousJSON
import TestSupport
import Testing

@testable import Registry

/// A store of one package and an installation that has its release 1.0.0, for one attack.
///
/// The host is the real one, in a process of its own.
final class HostileStore: Sendable {
    struct NotReady: Error { let why: String }

    /// What the host answered.
    struct Answer: Sendable {
        let exit: Int32?
        let error: JSON?
        let errors: String

        var message: String { error?["message"]?.stringValue ?? "" }
    }

    static let arch = HostPlatform.current.arch

    /// The installation with acme/hello 1.0.0, made once and copied for every attack.
    private static let prepared = Task { try await prepare() }

    let folder: TemporaryFolder

    init() async throws {
        let original = try await Self.prepared.value
        folder = try TemporaryFolder()
        try await Self.run(["cp", "-a", original.path + "/.", folder.path])
        try folder.write("root/config/praximous.yaml", Self.configuration(index: folder.path + "/out"))
    }

    /// One whose folder is made ready by whoever attacks: the store in `out`, the installation in `root`.
    init(_ folder: TemporaryFolder) { self.folder = folder }

    private static func prepare() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        var package = TestPackage()
        package.library = try HelloLibrary.installed.get()
        let first = try folder.write("hello-1.0.0.tar.gz", package.archive(key: TestKeys.store))
        try folder.write("root/config/praximous.yaml", configuration(index: folder.path + "/out"))
        // What an attack could be after, beside the installation and in it.
        try folder.write("canary/passwd", "root:x:0:0\n")
        try folder.write("root/canary", "untouched")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/canary/link",
            withDestinationPath: "passwd"
        )
        let answer = try await host(["plugins", "install", "--yes", first], folder)
        guard answer.exit == 0 else { throw NotReady(why: answer.errors) }
        return folder
    }

    private static func configuration(index: String, rules: String = "{}") -> String {
        let key = TestKeys.store?.publicKey.base64 ?? ""
        return "store: { index: \(index), keys: [\"\(key)\"], rules: \(rules) }\n"
    }

    /// `store: rules:` of the configuration, as YAML.
    func setRules(_ rules: String) throws {
        let text = Self.configuration(index: folder.path + "/out", rules: rules)
        try folder.write("root/config/praximous.yaml", text)
    }

    /// Puts a release into the store, with an index that is signed.
    func publish(_ release: HostileRelease) throws {
        let (archive, artifact) = try release.build()
        var version: JSONObject = [
            "v": 1, "version": .string(release.package.version), "abi": ["major": 1, "min_minor": 0],
            "artifacts": [.object(artifact)],
        ]
        release.changeVersion(&version)
        var index: JSONObject = [
            "format": 1, "version": 2, "generated": "2026-11-22T00:00:00Z", "expires": "2099-01-01T00:00:00Z",
            "packages": ["acme/hello": ["kind": "skill", "summary": "Says hello.", "versions": [.object(version)]]],
        ]
        release.changeIndex(&index)
        try folder.write("out/packages/hello-1.1.0.tar.gz", archive)
        let bytes = release.changeIndexText(JSON.object(index).encoded())
        try folder.write("out/skills.json", bytes)
        guard let role = release.indexRole, let key = release.indexKey else { return }
        let signature = SignatureFile.signing(bytes, as: role, with: key)
        try folder.write("out/registry/skills.json.sig", signature.encoded())
    }

    /// Runs a command of the host on this installation.
    func host(_ arguments: [String], environment: [String: String] = [:]) async throws -> Answer {
        try await Self.host(arguments, folder, environment)
    }

    private static func host(
        _ arguments: [String],
        _ folder: TemporaryFolder,
        _ environment: [String: String] = [:]
    ) async throws -> Answer {
        let own = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
        let program = try ChildProgram(
            [SourceTree.hostExecutable] + arguments + ["--json", "--root", folder.path + "/root"],
            environment: own.merging(environment) { $1 }
        )
        return try await Blocking.run {
            let output = program.output.wait(seconds: 60)
            return Answer(
                exit: program.waitForExit(seconds: 60),
                error: (try? JSON.parse(output))?["error"],
                errors: program.errors.wait(seconds: 5)
            )
        }
    }

    private static func run(_ arguments: [String]) async throws {
        let program = try ChildProgram(arguments, environment: ProcessInfo.processInfo.environment)
        let exit = try await Blocking.run { program.waitForExit() }
        guard exit == 0 else { throw NotReady(why: program.errors.wait(seconds: 5)) }
    }

    var root: InstallationRoot { InstallationRoot(folder.path + "/root") }
    var layout: StoreLayout { StoreLayout(root) }
}
