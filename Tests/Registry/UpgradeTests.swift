import Core
import Foundation
import PraximousJSON
import Testing

@testable import Registry

@Suite("Upgrading")
struct UpgradeTests {
    private let network = "permissions: { network.http: { hosts: [\"a.example\"], methods: [GET] } }"

    @Test("brings what is named, or everything, to its newest version")
    func newest() async throws {
        let store = try TestStore()
        try store.release("1.0.0", index: 1)
        try store.release("1.0.0", of: "acme/other", index: 2)
        try await store.install("acme/hello", "acme/other")
        try store.release("1.1.0", "2.0.0", "2.1.0-rc.1", index: 3)
        try store.release("1.5.0", of: "acme/other", index: 4)
        #expect(try await store.upgrade(["hello@^1"]).changed == ["acme/hello upgraded 1.1.0"])
        let all = try await store.upgrade()
        #expect(all.changed == ["acme/hello upgraded 2.0.0", "acme/other upgraded 1.5.0"])
        let again = try await store.upgrade()
        #expect(again.changed.isEmpty)
        #expect(
            again.skipped == ["acme/hello 2.0.0 is the newest version", "acme/other 1.5.0 is the newest version"]
        )
        #expect(try await store.upgrade(["hello"], pre: true).changed == ["acme/hello upgraded 2.1.0-rc.1"])
    }

    @Test("passes over what is pinned, and what came from a file")
    func pinned() async throws {
        let store = try TestStore()
        try store.release("1.0.0", index: 1)
        try await store.install("hello")
        try store.mark("acme/hello") { $0.isPinned = true }
        var other = TestPackage()
        (other.name, other.taskType) = ("acme/other", "other")
        try await store.install(store.folder.write("other.tar.gz", other.archive(key: store.key)))
        try store.release("1.1.0", index: 2)
        let result = try await store.upgrade()
        #expect(result.changed.isEmpty)
        #expect(
            result.skipped == [
                "acme/hello is pinned at 1.0.0; to upgrade it: prax-host plugins unpin acme/hello",
                "acme/other 1.0.0 came from a file and not from an index; install a newer file",
            ]
        )
        #expect(try await store.install("hello").map(\.change) == [.alreadyThere])
        #expect(try await store.refusal("hello@1.1.0")?.code == "pinned")
        try store.mark("acme/hello") { $0.isPinned = false }
        #expect(try await store.upgrade(["hello"]).changed == ["acme/hello upgraded 1.1.0"])
    }

    @Test("asks again for permissions that are wider, and only then")
    func consent() async throws {
        let store = try TestStore()
        try store.release("1.0.0", index: 1)
        try await store.install("hello")
        try store.release("1.1.0", extra: network, index: 2)
        let error = await #expect(throws: RegistryError.self) { try await store.upgrade() }
        #expect(error?.exitCode == .refused)
        #expect(error?.hint == "If you agree, pass --accept-permissions 'network.http:a.example'.")
        #expect(store.installed == ["acme/hello 1.0.0"])
        let consent = InstallOptions(consent: Consent(accepted: .all))
        #expect(try await store.upgrade(options: consent).changed == ["acme/hello upgraded 1.1.0"])
    }

    @Test("that is only tried changes nothing")
    func dryRun() async throws {
        let store = try TestStore()
        try store.release("1.0.0", index: 1)
        try await store.install("hello")
        try store.release("1.1.0", extra: network, index: 2)
        var options = InstallOptions()
        options.isDryRun = true
        #expect(try await store.upgrade(options: options).changed == ["acme/hello upgraded 1.1.0"])
        #expect(store.installed == ["acme/hello 1.0.0"])
        #expect(store.folder.names(below: "root/plugins/staging").isEmpty)
    }

    @Test("holds a package back that others need as it is, and says who does")
    func heldBack() async throws {
        let store = try TestStore()
        try store.release("1.0.0", index: 1)
        let needs = "dependencies: [ { name: acme/hello, req: \"^1.0\" } ]"
        try store.release("1.0.0", of: "acme/other", extra: needs, index: 2)
        try await store.install("acme/other")
        try store.release("2.0.0", index: 3)
        let all = try await store.upgrade()
        #expect(all.changed.isEmpty)
        let reason =
            "acme/other 1.0.0, which is installed, wants acme/hello ^1.0, and 2.0.0 would be installed"
        #expect(
            all.skipped == [
                "acme/other 1.0.0 is the newest version",
                "acme/hello stays at 1.0.0: The dependencies cannot be satisfied: \(reason).",
            ]
        )
        let error = await #expect(throws: RegistryError.self) { try await store.upgrade(["hello"]) }
        #expect(error?.exitCode == .conflict)
    }
}

@Suite("Rolling back")
struct RollbackTests {
    private func upgraded(extra: String = "") async throws -> TestStore {
        let store = try TestStore()
        try store.release("1.0.0", extra: extra, index: 1)
        try await store.install("hello", options: InstallOptions(consent: Consent(accepted: .all)))
        try store.release("1.1.0", index: 2)
        try await store.install("hello")
        return store
    }

    @Test("switches to the version before, and forward again, without the store")
    func back() async throws {
        let store = try await upgraded()
        try FileManager.default.removeItem(atPath: store.folder.path + "/out")
        let back = try await store.rollBack("hello")
        #expect(back.change == .rolledBack)
        #expect(store.installed == ["acme/hello 1.0.0"])
        #expect(try Verification(layout: store.layout, policy: store.policy).verify(nil).allSatisfy(\.isIntact))
        _ = try await store.rollBack("hello")
        #expect(store.installed == ["acme/hello 1.1.0"])
    }

    @Test("to a version that is not kept installs it from the cache or the store")
    func named() async throws {
        let store = try await upgraded()
        try store.release("1.2.0", index: 3)
        try await store.install("hello")
        #expect(try await store.rollBack("hello", to: "1.0.0").receipt.version.description == "1.0.0")
        #expect(store.installed == ["acme/hello 1.0.0"])
        let error = await #expect(throws: RegistryError.self) { try await store.rollBack("hello", to: "0.9.0") }
        #expect(error?.exitCode == .notFound)
    }

    @Test("asks for permissions that the newer version had given up")
    func consent() async throws {
        let store = try await upgraded(
            extra: "permissions: { network.http: { hosts: [\"a.example\"], methods: [GET] } }"
        )
        let error = await #expect(throws: RegistryError.self) { try await store.rollBack("hello") }
        #expect(error?.exitCode == .refused)
        #expect(store.installed == ["acme/hello 1.1.0"])
        _ = try await store.rollBack("hello", options: InstallOptions(consent: Consent(accepted: .all)))
        #expect(store.installed == ["acme/hello 1.0.0"])
    }

    @Test("to a copy that was modified is refused")
    func modified() async throws {
        let store = try await upgraded()
        let earlier = try #require(store.receipts.first?.previousStorePath)
        let file = store.layout.storeFolder + "/" + earlier + "/README.md"
        chmod(file, 0o644)
        try Data("nonsense".utf8).write(to: URL(filePath: file))
        let error = await #expect(throws: RegistryError.self) { try await store.rollBack("hello") }
        #expect(error?.exitCode == .verificationFailed)
        #expect(store.installed == ["acme/hello 1.1.0"])
    }

    @Test("is refused while another package needs the newer version")
    func dependants() async throws {
        let store = try await upgraded()
        let needs = "dependencies: [ { name: acme/hello, req: \"^1.1\" } ]"
        try store.release("1.0.0", of: "acme/other", extra: needs, index: 3)
        try await store.install("acme/other")
        let error = await #expect(throws: RegistryError.self) { try await store.rollBack("hello") }
        #expect(error?.exitCode == .conflict)
        #expect(error?.message == "acme/other 1.0.0 is installed and needs acme/hello ^1.1, not 1.0.0.")
    }

    @Test("where nothing came before says so")
    func nothing() async throws {
        let store = try TestStore()
        try store.release("1.0.0", index: 1)
        try await store.install("hello")
        let error = await #expect(throws: RegistryError.self) { try await store.rollBack("hello") }
        #expect(error?.code == "no_earlier_version")
    }
}
