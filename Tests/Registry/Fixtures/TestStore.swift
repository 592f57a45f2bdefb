import Core
import Egress
import Foundation
import PraximousJSON
import Synchronization
import Testing

@testable import Registry

/// A static store in a folder and an installation that uses it.
final class TestStore {
    let folder: TemporaryFolder
    let key: SigningKey
    var policy: StorePolicy
    var platform = HostPlatform.current
    /// Midnight of 2026-11-23 in UTC.
    var now: Int64 = 1_795_392_000
    var checkLibrary: @Sendable (StagedPackage) async throws -> Void = { _ in }
    var step: @Sendable (InstallStep, PluginName?) throws -> Void = { _, _ in }

    init() throws {
        folder = try TemporaryFolder()
        key = try #require(TestKeys.store)
        policy = StorePolicy(index: folder.path + "/out", keys: [key.publicKey])
    }

    var root: InstallationRoot { InstallationRoot(folder.path + "/root") }
    var layout: StoreLayout { StoreLayout(root) }

    /// Puts a package tree among the sources.
    func add(_ package: TestPackage) throws {
        let tree = "sources/\(package.name.replacing("/", with: "-"))-\(package.version)/"
        for (path, bytes) in try package.files() { try folder.write(tree + path, bytes) }
    }

    /// Builds the store, then lets a test change the index before it is signed.
    func publish(
        version: Int = 1,
        expires: String = "2027-01-01",
        with signer: SigningKey? = nil,
        index change: (inout JSONObject) -> Void = { _ in }
    ) throws {
        let builder = StoreBuilder(
            key: key,
            generated: try #require(Timestamp("2026-11-22")),
            expires: try #require(Timestamp(expires)),
            indexVersion: version,
            replaces: true
        )
        let path = folder.path + "/out/skills.json"
        _ = try builder.build(sources: folder.path + "/sources", output: folder.path + "/out/registry", indexPath: path)
        var index = try #require(JSON.parse(folder.read("out/skills.json")).objectValue)
        change(&index)
        try folder.write("out/skills.json", JSON.object(index).indented())
        try StoreBuilder.sign(path, with: signer ?? key)
    }

    /// Changes one member of the newest version of a package in an index.
    static func change(_ index: inout JSONObject, _ name: String, _ key: String, _ value: JSON) {
        guard var packages = index["packages"]?.objectValue, var package = packages[name]?.objectValue,
            var versions = package["versions"]?.arrayValue, var version = versions.first?.objectValue
        else { return }
        version[key] = value
        versions[0] = .object(version)
        package["versions"] = .array(versions)
        packages[name] = .object(package)
        index["packages"] = .object(packages)
    }

    @discardableResult
    func install(_ references: String..., options: InstallOptions = InstallOptions()) async throws -> [InstallOutcome] {
        let now = now
        let installer = Installer(
            layout: layout,
            policy: policy,
            platform: platform,
            clock: WallClock { now * 1_000_000 },
            hooks: InstallHooks(checkLibrary: checkLibrary, step: step)
        )
        var outcomes: [InstallOutcome] = []
        try await installer.install(references.map { try PackageReference($0) }, options: options) {
            outcomes.append($0)
        }
        return outcomes
    }

    /// The error of an installation that must not succeed; afterwards nothing of it may be there.
    func refusal(_ reference: String, options: InstallOptions = InstallOptions()) async throws -> RegistryError? {
        let before = installed
        let error = await #expect(throws: RegistryError.self) { try await self.install(reference, options: options) }
        #expect(installed == before)
        #expect(folder.names(below: "root/plugins/staging").isEmpty)
        return error
    }

    /// Names and versions of what would be loaded.
    var installed: [String] {
        InstalledPackages.scan(root, platform: platform).packages.map { "\($0.manifest.name) \($0.manifest.version)" }
    }
}
