import Core
import Foundation
import PraximousJSON
import TestSupport
import Testing

@testable import Registry

@Suite("Many machines")
struct FleetTests {
    private func store() throws -> TestStore {
        let store = try TestStore()
        try store.release("1.0.0", "1.1.0", index: 1)
        let needs = "dependencies: [ { name: acme/hello, req: \"^1.0\" } ]"
        try store.release("1.0.0", of: "acme/other", extra: needs, index: 2)
        return store
    }

    /// A second installation that knows the same store.
    private func second(_ store: TestStore) -> Installer {
        Installer(
            layout: StoreLayout(InstallationRoot(store.folder.path + "/second")),
            policy: store.policy,
            clock: WallClock { [now = store.now] in now * 1_000_000 },
            hooks: InstallHooks(checkLibrary: { _ in })
        )
    }

    private func installed(_ installer: Installer) throws -> [String] {
        try InstalledPackages(layout: installer.layout).receipts().map {
            "\($0.name) \($0.version) \($0.isRequested)"
        }
    }

    @Test("get from a lock file the packages it was made from, and nothing newer")
    func lock() async throws {
        let store = try store()
        try await store.install("acme/hello@1.0.0", "acme/other")
        let client = IndexClient(layout: store.layout, policy: store.policy, clock: .init { 0 })
        let lock = try Lockfile(of: store.layout, indexes: await client.keptForBrowsing())
        #expect(try Lockfile(lock.encoded(), "plugins.lock") == lock)
        #expect(lock.packages.map { "\($0.name) \($0.version)" } == ["acme/hello 1.0.0", "acme/other 1.0.0"])
        let second = second(store)
        try await second.install([PackageReference("acme/hello")], options: InstallOptions()) { _ in }
        var changes: [InstallOutcome.Change] = []
        try await second.synchronize(with: lock, options: InstallOptions()) { changes.append($0.change) }
        #expect(changes == [.downgraded, .installed])
        #expect(try installed(second) == ["acme/hello 1.0.0 true", "acme/other 1.0.0 true"])
    }

    @Test("get rid of what the lock file does not name, when asked to")
    func prune() async throws {
        let store = try store()
        try await store.install("acme/hello")
        let lock = try Lockfile(of: store.layout, indexes: StoreIndexes([]))
        let second = second(store)
        try await second.install([PackageReference("acme/other")], options: InstallOptions()) { _ in }
        let removed = try await second.synchronize(with: lock, options: InstallOptions(), prunes: true) { _ in }
        #expect(removed.map(\.name.description) == ["acme/other"])
        #expect(try installed(second) == ["acme/hello 1.1.0 true"])
    }

    @Test("refuse an index that has another package under a locked version")
    func mismatch() async throws {
        let store = try store()
        try await store.install("acme/hello")
        var text = String(decoding: try Lockfile(of: store.layout, indexes: StoreIndexes([])).encoded(), as: UTF8.self)
        let digest = try #require(store.receipts.first?.archiveDigest.hex)
        text = text.replacing(digest, with: String(repeating: "0", count: 64))
        let lock = try Lockfile(Array(text.utf8), "plugins.lock")
        let error = await #expect(throws: RegistryError.self) {
            try await second(store).synchronize(with: lock, options: InstallOptions()) { _ in }
        }
        #expect(error?.code == "lock_mismatch")
        #expect(error?.exitCode == .verificationFailed)
    }

    @Test(
        "refuse a lock file that cannot be read",
        arguments: [
            "", "{}", #"{"format":2,"packages":[]}"#, #"{"format":1}"#,
            #"{"format":1,"packages":[{"name":"x","version":"1.0.0"}]}"#,
            #"{"format":1,"packages":[{"name":"a/b","version":"1.0.0","archives":{}}]}"#,
            #"{"format":1,"packages":[{"name":"a/b","version":"1.0.0","archives":{"linux-x86_64":{"sha256":"00"}}}]}"#,
        ]
    )
    func badLock(_ text: String) {
        let error = #expect(throws: RegistryError.self) { try Lockfile(Array(text.utf8), "plugins.lock") }
        #expect(error?.exitCode == .usage)
    }

    @Test("install from a mirror as from the store, and mirror again only what is missing")
    func mirror() async throws {
        let store = try store()
        let mirror = StoreMirror(
            layout: store.layout,
            policy: store.policy,
            clock: WallClock { [now = store.now] in now * 1_000_000 },
            hooks: InstallHooks(checkLibrary: { _ in })
        )
        let target = store.folder.path + "/mirror"
        let first = try await mirror.run(to: target)
        #expect(first.copied == 3 && first.kept == 0 && first.elsewhere.isEmpty)
        let again = try await mirror.run(to: target)
        #expect(again.copied == 0 && again.kept == 3)
        for file in ["skills.json", "registry/skills.json.sig"] {
            #expect(try store.folder.read("mirror/" + file) == store.folder.read("out/" + file))
        }
        try FileManager.default.removeItem(atPath: store.folder.path + "/out")
        store.policy.index = target
        try await store.install("acme/other")
        #expect(store.installed == ["acme/hello 1.1.0", "acme/other 1.0.0"])
    }
}

@Suite("Bundles")
struct BundleTests {
    private func bundle(_ store: TestStore, _ references: String...) async throws -> String {
        let writer = BundleWriter(
            layout: StoreLayout(InstallationRoot(store.folder.path + "/maker")),
            policy: store.policy,
            clock: WallClock { [now = store.now] in now * 1_000_000 },
            hooks: InstallHooks(checkLibrary: { _ in })
        )
        let path = store.folder.path + "/tools.praxbundle"
        _ = try await writer.write(
            references.map { try PackageReference($0) },
            platforms: [HostPlatform.current.name],
            to: path
        )
        return path
    }

    private func made() async throws -> (store: TestStore, path: String) {
        let store = try TestStore()
        try store.release("1.0.0", index: 1)
        let needs = "dependencies: [ { name: acme/hello, req: \"^1.0\" } ]"
        try store.release("1.0.0", of: "acme/other", extra: needs, index: 2)
        let path = try await bundle(store, "acme/other")
        // From here on there is nothing but the file.
        try FileManager.default.removeItem(atPath: store.folder.path + "/out")
        return (store, path)
    }

    @Test("bring packages and what they need to a machine without a network")
    func ordinary() async throws {
        let (store, path) = try await made()
        let bundle = try BundleReader(path)
        #expect(
            bundle.contents.packages.map { "\($0.name) \($0.isRequested)" } == ["acme/hello false", "acme/other true"]
        )
        let client = IndexClient(layout: store.layout, policy: store.policy)
        #expect(try await bundle.index(believedBy: client).keyID == store.key.publicKey.id)
        var outcomes: [InstallOutcome] = []
        try await store.installer().install(bundle, options: InstallOptions()) { outcomes.append($0) }
        #expect(
            outcomes.map { "\($0.receipt.name) \($0.receipt.trust)" } == ["acme/hello trusted", "acme/other trusted"]
        )
        #expect(store.installed == ["acme/hello 1.0.0", "acme/other 1.0.0"])
    }

    @Test("are refused where the key of their index is not trusted")
    func stranger() async throws {
        let (store, path) = try await made()
        store.policy.keys = [try #require(TestKeys.stranger).publicKey]
        let error = await #expect(throws: RegistryError.self) {
            try await store.installer().install(BundleReader(path), options: InstallOptions()) { _ in }
        }
        #expect(error?.exitCode == .verificationFailed)
        #expect(store.installed.isEmpty)
    }

    @Test("with any one byte changed install nothing else than what was signed")
    func changed() async throws {
        let (store, path) = try await made()
        let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let place = whole.count / 97
        for position in stride(from: 0, to: whole.count, by: max(1, place)) {
            var bytes = whole
            bytes[position] ^= 0x10
            let changed = try store.folder.write("changed.praxbundle", bytes)
            do {
                let bundle = try BundleReader(changed)
                try bundle.checkPackages()
                try await store.installer().install(bundle, options: InstallOptions()) { _ in }
                // Only what nobody signs may differ, and then what is installed is still what the index names.
                #expect(
                    try Verification(layout: store.layout, policy: store.policy).verify(nil).allSatisfy(\.isIntact)
                )
                try FileManager.default.removeItem(atPath: store.root.path)
            } catch let error as RegistryError {
                let codes: [Core.ExitCode] = [.verificationFailed, .incompatible, .notFound, .conflict, .usage]
                #expect(codes.contains(error.exitCode), "\(position): \(error)")
            }
        }
    }

    @Test("that are cut short, or hold what no list names, are refused")
    func cut() async throws {
        let (store, path) = try await made()
        let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
        for count in [0, 511, 512, 1024, whole.count / 2, whole.count - 1024] {
            let cut = try store.folder.write("cut.praxbundle", Array(whole.prefix(count)))
            let error = #expect(throws: RegistryError.self) { try BundleReader(cut) }
            #expect(error?.exitCode == .verificationFailed, "\(count)")
        }
        var tar = TarMaker()
        tar.file("bundle.json", BundleContents(index: "https://a.example/skills.json", packages: []).encoded())
        tar.file("skills.json", [0x7b, 0x7d])
        tar.file("packages/\(String(repeating: "0", count: 64)).package", [1])
        tar.end()
        let extra = try store.folder.write("extra.praxbundle", tar.bytes)
        #expect(throws: RegistryError.self) { try BundleReader(extra) }
        var outside = TarMaker()
        outside.file("bundle.json", BundleContents(index: "x", packages: []).encoded())
        outside.file("../evil", [1])
        outside.end()
        let evil = try store.folder.write("evil.praxbundle", outside.bytes)
        let error = #expect(throws: RegistryError.self) { try BundleReader(evil) }
        #expect(error?.code == "bundle_refused")
    }

    @Test("cannot bring an old index back under a new address")
    func replayed() async throws {
        let store = try TestStore()
        try store.release("1.0.0", index: 3)
        let old = try await bundle(store, "acme/hello")
        try store.release("1.1.0", index: 5)
        // The same store at another place: the bundle names one that was never seen.
        let here = store.folder.path + "/here"
        try FileManager.default.copyItem(atPath: store.folder.path + "/out", toPath: here)
        store.policy.index = here
        try await store.install("acme/hello")
        let error = await #expect(throws: RegistryError.self) {
            try await store.installer().install(BundleReader(old), options: InstallOptions()) { _ in }
        }
        #expect(error?.code == "rollback")
        #expect(store.installed == ["acme/hello 1.1.0"])
    }
}
