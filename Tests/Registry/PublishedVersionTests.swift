import Core
import Foundation
import PraximousJSON
import Testing

@testable import Registry

@Suite("A version that was published") struct PublishedVersionTests {
    private let store: TestStore
    private var indexPath: String { store.folder.path + "/out/skills.json" }

    init() throws {
        store = try TestStore()
        try store.add(TestPackage())
        try build(on: "2026-11-22")
    }

    @discardableResult
    private func build(
        on day: String,
        with key: SigningKey? = nil,
        replaces: Bool = false
    ) throws -> StoreBuilder.Report {
        let time = try #require(Timestamp(day))
        return try StoreBuilder(
            key: key ?? store.key,
            generated: time,
            expires: Timestamp(seconds: time.seconds + 365 * 86_400),
            indexVersion: Int(time.seconds),
            replaces: replaces
        ).build(
            sources: store.folder.path + "/sources",
            output: store.folder.path + "/out/registry",
            indexPath: indexPath
        )
    }

    private func index() throws -> JSON { try JSON.parse(store.folder.read("out/skills.json")) }

    private func versions(of name: String) throws -> JSON? { try index()["packages"]?[name]?["versions"] }

    private func packages() throws -> [String: [UInt8]] {
        let names = store.folder.names(below: "out/registry/packages").filter { $0.hasSuffix(".tar.gz") }
        return try Dictionary(
            uniqueKeysWithValues: names.map { ($0, try store.folder.read("out/registry/packages/" + $0)) }
        )
    }

    @Test("stays byte for byte when the store is built on another day, while the index goes on")
    func kept() throws {
        let (before, packages) = (try versions(of: "acme/hello"), try packages())
        let report = try build(on: "2026-11-23")
        #expect(try versions(of: "acme/hello") == before)
        #expect(try self.packages() == packages)
        #expect(try index()["generated"] == "2026-11-23T00:00:00Z")
        #expect(report.packages.map(\.digest) == [SHA256Digest(of: try #require(packages.values.first))])
        #expect(!store.folder.exists("out/registry/packages/.unpacked"))
    }

    @Test("is not changed by new content: that needs a new version, or --replace")
    func changed() throws {
        let (before, packages) = (try store.folder.read("out/skills.json"), try packages())
        try store.folder.write("sources/acme-hello-1.0.0/README.md", "# Other\n")
        let error = #expect(throws: RegistryError.self) { try build(on: "2026-11-23") }
        #expect((error?.exitCode, error?.code) == (.conflict, "version_immutable"))
        let platform = "linux-\(HostPlatform.current.arch)"
        let message = "The index lists acme/hello 1.0.0 already, and for \(platform) with another README.md."
        #expect(error?.message == message)
        #expect(error?.hint?.contains("raise `version` in skill.yaml") == true)
        #expect(try store.folder.read("out/skills.json") == before)
        #expect(try self.packages() == packages)
        try build(on: "2026-11-23", replaces: true)
        #expect(try self.packages() != packages)
        #expect(try store.folder.read("out/skills.json") != before)
    }

    @Test("does not get another platform later")
    func platform() throws {
        let other = HostPlatform.current.arch == "x86_64" ? "aarch64" : "x86_64"
        let entry = "lib/linux-\(other)/skill.so"
        var package = TestPackage()
        package.others.append((entry, try Compiler.plugin.get()))
        let manifest = package.manifest.replacing(
            package.entry + " }",
            with: package.entry + ", linux-\(other): \(entry) }"
        )
        for (path, bytes) in try package.files() where path != "skill.yaml" {
            try store.folder.write("sources/acme-hello-1.0.0/" + path, bytes)
        }
        try store.folder.write("sources/acme-hello-1.0.0/skill.yaml", manifest)
        let error = #expect(throws: RegistryError.self) { try build(on: "2026-11-23") }
        #expect(error?.code == "version_immutable")
    }

    @Test("can still be installed after the store has got another key")
    func newKey() async throws {
        let key = try TestKeys.make(7)
        var newer = TestPackage()
        newer.version = "1.1.0"
        try store.add(newer)
        try build(on: "2026-11-23", with: key)
        let keys = try index()["publishers"]?["acme"]?["keys"]?.arrayValue?.map { $0["id"]?.stringValue }
        #expect(keys == [key.publicKey.id, store.key.publicKey.id])
        store.policy.keys = [key.publicKey]
        try await store.install("acme/hello@1.0.0")
        #expect(store.installed == ["acme/hello 1.0.0"])
    }

    @Test("keeps its file when another owner has a package of the same name")
    func sameName() async throws {
        let packages = try packages()
        var other = TestPackage(name: "bob/hello")
        other.taskType = "other"
        try store.add(other)
        try build(on: "2026-11-23")
        let file = "hello-1.0.0-linux-\(HostPlatform.current.arch).tar.gz"
        #expect(try self.packages().keys.sorted() == ["bob/" + file, file])
        #expect(try self.packages()[file] == packages[file])
        let url = try versions(of: "bob/hello")?.arrayValue?.first?["artifacts"]?.arrayValue?.first?["url"]
        #expect(url == .string("registry/packages/bob/" + file))
        try await store.install("acme/hello")
        try await store.install("bob/hello")
        #expect(store.installed == ["acme/hello 1.0.0", "bob/hello 1.0.0"])
        // And again, with both of them there.
        let before = try self.packages()
        try build(on: "2026-11-24")
        #expect(try self.packages() == before)
        #expect(try versions(of: "bob/hello")?.arrayValue?.count == 1)
    }

    @Test("keeps its file when another owner's package is published by itself")
    func publication() throws {
        let packages = try packages()
        var other = TestPackage(name: "bob/hello")
        other.taskType = "other"
        let file = "hello-1.0.0-linux-\(HostPlatform.current.arch).tar.gz"
        let path = try store.folder.write("packed/" + file, other.archive(key: store.key))
        try FileManager.default.createDirectory(
            atPath: store.folder.path + "/scratch",
            withIntermediateDirectories: true
        )
        let publication = try Publication(
            [PackedPackage(path, unpackedInto: store.folder.path + "/scratch")],
            into: store.folder.path + "/out",
            publisherKeys: [store.key.publicKey],
            now: try #require(Timestamp("2026-11-23")),
            expires: try #require(Timestamp("2027-11-23"))
        )
        _ = try publication.write(signing: store.key)
        #expect(try self.packages().keys.sorted() == ["bob/" + file, file])
        #expect(try self.packages()[file] == packages[file])
        let url = try versions(of: "bob/hello")?.arrayValue?.first?["artifacts"]?.arrayValue?.first?["url"]
        #expect(url == .string("registry/packages/bob/" + file))
    }
}
