import Core
import Foundation
import PraximousJSON
import Testing

@testable import Registry

@Suite("Marks")
struct MarksTests {
    private func revoke(_ store: TestStore, index version: Int) throws {
        try store.publish(version: version) { index in
            let artifact = index["packages"]?["acme/hello"]?["versions"]?.arrayValue?.first?["artifacts"]?.arrayValue?
                .first
            index["revoked"] = ["sha256": [artifact?["sha256"] ?? .null], "keys": []]
        }
    }

    @Test("outlive the process and are forgotten with the package")
    func kept() async throws {
        let store = try TestStore()
        try store.release("1.0.0", index: 1)
        var options = InstallOptions()
        (options.pins, options.isDisabled) = (true, true)
        try await store.install("hello", options: options)
        let name = try PluginName.parse("acme/hello")
        let marks = try MarkBook(layout: store.layout).marks(of: name)
        #expect(!marks.isEnabled && marks.isPinned)
        _ = try Removal(layout: store.layout).remove(PackageReference("hello"))
        #expect(try MarkBook(layout: store.layout).marks(of: name) == PluginMarks())
    }

    @Test("that cannot be read hold their plugin back")
    func damaged() throws {
        let store = try TestStore()
        try store.mark("acme/hello") { $0.isPinned = true }
        try store.folder.write("root/plugins/marks/acme__hello.json", Array("{".utf8))
        #expect(try MarkBook(layout: store.layout).marks(of: PluginName.parse("acme/hello")).isEnabled == false)
    }

    @Test("of a revocation come from the copy of the index, and hold only the revoked package back")
    func revoked() async throws {
        let store = try TestStore()
        try store.release("1.0.0", index: 1)
        try await store.install("hello")
        let revocations = Revocations(layout: store.layout, policy: store.policy)
        #expect(try await revocations.mark().isEmpty)
        try revoke(store, index: 2)
        #expect(try await revocations.mark().map(\.reason) == ["the store revoked this package"])
        // A later index that says nothing of it does not bring it back.
        try store.publish(version: 3)
        #expect(try await revocations.mark().map(\.receipt.name.description) == ["acme/hello"])
        try store.release("1.1.0", index: 4)
        try await store.install("hello")
        #expect(try await revocations.mark().isEmpty)
    }

    @Test("of a revocation wait for whoever changes plugins, and say so when that takes too long")
    func revokedWhileLocked() async throws {
        let store = try TestStore()
        try store.release("1.0.0", index: 1)
        try await store.install("hello")
        try revoke(store, index: 2)
        var lock: InstallLock? = try InstallLock.take(store.layout)
        let impatient = Revocations(layout: store.layout, policy: store.policy, patience: .zero)
        let error = await #expect(throws: RegistryError.self) { try await impatient.mark() }
        #expect(error?.exitCode == .locked)
        #expect(try MarkBook(layout: store.layout).marks(of: PluginName.parse("acme/hello")).revocation == nil)
        withExtendedLifetime(lock) {}
        lock = nil
        #expect(try await impatient.mark().map(\.reason) == ["the store revoked this package"])
    }

    @Test("of a revocation hold on every way that a package can come", arguments: ["file", "cache"])
    func everyWay(_ way: String) async throws {
        let store = try TestStore()
        try store.release("1.0.0", index: 1)
        let receipt = try #require(try await store.install("hello").first?.receipt)
        try revoke(store, index: 2)
        _ = try? await store.install("hello", options: InstallOptions(force: true))
        _ = try Removal(layout: store.layout).remove(PackageReference("hello"))
        let packages = store.folder.path + "/out/registry/packages"
        let file = try #require(try FileManager.default.contentsOfDirectory(atPath: packages).first)
        let reference = way == "file" ? "\(packages)/\(file)" : "sha256:\(receipt.archiveDigest.hex)"
        let error = try #require(try await store.refusal(reference))
        #expect((error.exitCode, error.code) == (.verificationFailed, "revoked"))
    }

    @Test("and what an index says against a package are in the audit")
    func audit() async throws {
        let store = try TestStore()
        try store.release("1.0.0", index: 1)
        try await store.install("hello")
        try store.publish(version: 2) { index in
            TestStore.change(&index, "acme/hello", "yanked", ["reason": "it crashes"])
            TestStore.change(
                &index,
                "acme/hello",
                "security",
                ["id": "PSA-1", "severity": "high", "fixed_in": "1.0.1"]
            )
        }
        try store.mark("acme/hello") { $0.isEnabled = false }
        let indexes = await IndexClient(layout: store.layout, policy: store.policy).keptForBrowsing()
        let findings = try PackageAudit(layout: store.layout, policy: store.policy).findings(indexes)
        #expect(
            findings.map { "\($0.kind.rawValue): \($0.message)" } == [
                "advisory: PSA-1, high, mended in 1.0.1", "yanked: it was taken back: it crashes",
                "disabled: it is disabled",
            ]
        )
    }
}

@Suite("The cache of packages")
struct PackageCacheTests {
    @Test("installs by hash what was downloaded before, and forgets what was changed")
    func byHash() async throws {
        let store = try TestStore()
        try store.release("1.0.0", index: 1)
        try await store.install("hello")
        let cache = PackageCache(layout: store.layout)
        let entry = try #require(cache.entries().first)
        _ = try Removal(layout: store.layout).remove(PackageReference("hello"))
        store.policy.index = "/nonexistent"
        #expect(try await store.install("sha256:\(entry.digest.hex)").map(\.change) == [.installed])
        let path = "root/plugins/cache/\(entry.digest.hex).package"
        try store.folder.write(path, Array("nonsense".utf8))
        #expect(
            try await store.refusal("sha256:\(entry.digest.hex)", options: InstallOptions(force: true))?.code
                == "not_cached"
        )
        #expect(!store.folder.exists(path))
    }

    @Test("is emptied when asked to")
    func clean() async throws {
        let store = try TestStore()
        try store.release("1.0.0", index: 1)
        try await store.install("hello")
        #expect(try PackageCache(layout: store.layout).clean().count == 1)
        #expect(try PackageCache(layout: store.layout).entries().isEmpty)
        #expect(store.installed == ["acme/hello 1.0.0"])
    }

    @Test("gives an offline install what was seen before, and nothing else")
    func offline() async throws {
        let store = try TestStore()
        try store.release("1.0.0", index: 1)
        store.policy.index = "https://store.invalid/skills.json"
        store.policy.isOffline = true
        let error = try #require(try await store.refusal("hello"))
        #expect(error.code == "offline")
        #expect(error.exitCode == .network)
    }
}
