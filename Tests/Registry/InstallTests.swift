import Core
import Foundation
import PraximousJSON
import TestSupport
import Testing

@testable import Registry

@Suite("Installing")
struct InstallTests {
    private func store(_ packages: TestPackage...) throws -> TestStore {
        let store = try TestStore()
        for package in packages { try store.add(package) }
        try store.publish()
        return store
    }

    @Test("a package by its short name makes it loadable, and again is no work")
    func ordinary() async throws {
        let store = try store(TestPackage())
        let first = try await store.install("hello")
        #expect(first.map(\.change) == [.installed])
        #expect(first.first?.receipt.trust == .trusted)
        #expect(store.installed == ["acme/hello 1.0.0"])
        let found = try #require(InstalledPackages.scan(store.root).packages.first)
        #expect(FileManager.default.fileExists(atPath: found.folder + "/skill.yaml"))
        #expect(FileManager.default.fileExists(atPath: found.libraryPath))
        #expect(try await store.install("acme/hello").map(\.change) == [.alreadyThere])
        #expect(store.folder.exists("root/plugins/active/acme__hello/skill.yaml"))
    }

    @Test("over http takes relative addresses from the index's")
    func overHTTP() async throws {
        let store = try store(TestPackage())
        let folder = store.folder
        let server = try StaticFileServer { path in
            (try? folder.read("out" + path)).map { .body($0) } ?? .status(404)
        }
        store.policy.index = server.address + "/skills.json"
        #expect(try await store.install("hello").map(\.change) == [.installed])
        #expect(
            server.requests.prefix(3) == ["/registry/1.root.json", "/skills.json", "/registry/skills.json.sig"]
        )
        #expect(server.requests.last?.hasPrefix("/registry/packages/hello-1.0.0-linux-") == true)
    }

    @Test("a file asks for no index")
    func file() async throws {
        let store = try TestStore()
        store.policy.index = "/nonexistent"
        let path = try store.folder.write("hello.tar.gz", TestPackage().archive(key: store.key))
        #expect(try await store.install(path).map(\.receipt.trust) == [.trusted])
        #expect(try await store.install(path).map(\.change) == [.alreadyThere])
    }

    @Test("chooses the newest version that is not taken back, unless one is pinned")
    func versions() async throws {
        var newer = TestPackage()
        newer.version = "1.2.0"
        var newest = TestPackage()
        newest.version = "1.3.0"
        let store = try TestStore()
        for package in [TestPackage(), newer, newest] { try store.add(package) }
        try store.publish { TestStore.change(&$0, "acme/hello", "yanked", ["reason": "it crashes"]) }
        #expect(try await store.install("hello@^1.0").map(\.receipt.version.description) == ["1.2.0"])
        let pinned = try await store.install("hello@1.3.0")
        #expect(pinned.map(\.change) == [.upgraded])
        #expect(pinned.first?.warnings == ["acme/hello 1.3.0 was taken back: it crashes."])
        #expect(try await store.install("hello@1.0.0").map(\.change) == [.downgraded])
        #expect(store.installed == ["acme/hello 1.0.0"])
        #expect(try await store.refusal("hello@2.0.0")?.exitCode == .notFound)
    }

    @Test("a version the store revoked is refused, pinned or not")
    func revoked() async throws {
        let store = try TestStore()
        try store.add(TestPackage())
        try store.publish { index in
            let artifact = index["packages"]?["acme/hello"]?["versions"]?.arrayValue?.first?["artifacts"]?.arrayValue?
                .first
            index["revoked"] = ["sha256": [artifact?["sha256"] ?? .null], "keys": []]
        }
        #expect(try await store.refusal("hello@1.0.0")?.exitCode == .verificationFailed)
    }

    @Test("says what does not fit, with both values")
    func incompatible() async throws {
        let store = try store(TestPackage())
        store.platform.arch = "aarch64"
        let platform = try #require(try await store.refusal("hello"))
        #expect(platform.exitCode == .incompatible)
        #expect(platform.message == "acme/hello 1.0.0 is built for linux-x86_64, this is linux-aarch64.")
        store.platform = .current
        store.platform.abiMajor = 2
        #expect(
            try await store.refusal("hello")?.message == "acme/hello 1.0.0 needs plugin ABI 1.0, this host offers 2.0."
        )
        try store.publish(version: 2) { TestStore.change(&$0, "acme/hello", "min_host", "9.0.0") }
        store.platform = .current
        #expect(try await store.refusal("hello")?.message == "acme/hello 1.0.0 needs host 9.0.0, this is 0.1.0.")
    }

    @Test("a library that does not load is not installed")
    func probe() async throws {
        struct Crashed: Error {}
        let store = try store(TestPackage())
        store.checkLibrary = { package in
            guard FileManager.default.fileExists(atPath: package.libraryPath) else { return }
            throw Crashed()
        }
        #expect(try await store.refusal("hello")?.exitCode == .incompatible)
    }

    @Test("a task type that another plugin answers to is a conflict")
    func taskType() async throws {
        var other = TestPackage()
        other.name = "bob/greeter"
        let store = try store(TestPackage(), other)
        let bundled = InstallOptions(bundledTaskTypes: ["hello": try PluginName.parse("praximous/hello")])
        #expect(try await store.refusal("acme/hello", options: bundled)?.exitCode == .conflict)
        try await store.install("acme/hello")
        #expect(try await store.refusal("bob/greeter")?.exitCode == .conflict)
    }

    @Test("a package that needs another waits for it, and keeps it")
    func dependencies() async throws {
        var other = TestPackage()
        (other.name, other.taskType) = ("bob/greeter", "greeter")
        other.extra = "dependencies: [ { name: acme/hello, req: \"^1.0\" } ]"
        let store = try store(TestPackage(), other)
        let error = try #require(try await store.refusal("bob/greeter"))
        #expect(error.exitCode == .conflict)
        #expect(error.message == "bob/greeter 1.0.0 needs acme/hello ^1.0; it is not installed.")
        try await store.install("acme/hello", "bob/greeter")
        let removal = Removal(layout: store.layout)
        #expect(throws: RegistryError.self) { try removal.remove(PackageReference("hello")) }
        #expect(store.installed == ["acme/hello 1.0.0", "bob/greeter 1.0.0"])
        _ = try removal.remove(PackageReference("greeter"))
        _ = try removal.remove(PackageReference("hello"))
        #expect(store.installed.isEmpty)
    }

    @Test("while another process does is refused with its number")
    func locked() async throws {
        let store = try store(TestPackage())
        let lock = try InstallLock.take(store.layout)
        let error = await #expect(throws: RegistryError.self) { try await store.install("hello") }
        #expect(error?.exitCode == .locked)
        #expect(error?.message == "process \(getpid()) is changing the plugins of this installation.")
        withExtendedLifetime(lock) {}
    }

    @Test("that ends at any step leaves the old version or the new one", arguments: InstallStep.allCases)
    func interrupted(_ last: InstallStep) async throws {
        struct Interrupted: Error {}
        let store = try store(TestPackage())
        try await store.install("hello")
        var newer = TestPackage()
        newer.version = "1.1.0"
        try store.add(newer)
        try store.publish(version: 2)
        store.step = { step, _ in if step == last { throw Interrupted() } }
        await #expect(throws: Interrupted.self) { try await store.install("hello") }
        #expect(store.installed == [last == .done ? "acme/hello 1.1.0" : "acme/hello 1.0.0"])
        store.step = { _, _ in }
        try await store.install("hello")
        #expect(store.installed == ["acme/hello 1.1.0"])
        #expect(try Verification(layout: store.layout, policy: store.policy).verify(nil).allSatisfy(\.isIntact))
    }

    @Test("clears away what a killed process left")
    func debris() async throws {
        let store = try store(TestPackage())
        try store.folder.write("root/plugins/staging/123-abc/lib/skill.so", "half")
        try store.folder.write("root/plugins/store/acme/gone/1.0.0-abc/skill.yaml", "half")
        try store.folder.write("root/plugins/receipts/.acme__hello.json.new", "half")
        let active = store.folder.path + "/root/plugins/active"
        try FileManager.default.createDirectory(atPath: active, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: active + "/acme__gone", withDestinationPath: "../store/gone")
        #expect(store.installed.isEmpty)
        try await store.install("hello")
        #expect(store.folder.names(below: "root/plugins/staging").isEmpty)
        #expect(!store.folder.exists("root/plugins/store/acme/gone"))
        #expect(store.folder.names(below: "root/plugins/active").contains("acme__hello"))
        #expect(!store.folder.names(below: "root/plugins/active").contains("acme__gone"))
        #expect(store.installed == ["acme/hello 1.0.0"])
    }

    @Test("by force replaces a copy that was modified")
    func force() async throws {
        let store = try store(TestPackage())
        try await store.install("hello")
        try store.overwrite("skill.yaml", with: "nonsense")
        #expect(store.installed.isEmpty)
        #expect(try await store.install("hello", options: InstallOptions(force: true)).map(\.change) == [.reinstalled])
        #expect(store.installed == ["acme/hello 1.0.0"])
    }
}

extension TestStore {
    /// Changes a file of the one installed package, as somebody with root could.
    func overwrite(_ path: String, with text: String) throws {
        let receipt = try #require(InstalledPackages(layout: layout).receipts().first)
        let file = layout.storeFolder + "/" + receipt.storePath + "/" + path
        chmod(file, 0o644)
        try Data(text.utf8).write(to: URL(filePath: file), options: [])
    }
}
