import Core
import Foundation
import PraximousJSON
import Testing

@testable import Registry

@Suite("Several indexes") struct SeveralIndexesTests {
    private let first: TestStore
    private let second: TestStore

    /// The first offers acme/hello and acme/only-here, the second, named corp, acme/hello 9.0.0.
    init() throws {
        first = try TestStore()
        try first.add(TestPackage(name: "acme/hello"))
        try first.add(TestPackage(name: "acme/only-here", taskType: "only_here"))
        try first.publish()
        second = try TestStore()
        try second.add(TestPackage(name: "acme/hello", version: "9.0.0"))
        try second.publish()
        let anchor = TrustAnchor(keys: [try TestKeys.make(5).publicKey])
        first.policy.indexes = [IndexEntry(name: "corp", address: second.policy.index, anchor: anchor)]
        try second.publish(with: try TestKeys.make(5)) { index in
            index["publishers"] = [
                "acme": [
                    "keys": [
                        [
                            "id": .string(self.second.key.publicKey.id),
                            "ed25519": .string(self.second.key.publicKey.base64),
                        ]
                    ]
                ]
            ]
        }
    }

    @Test("that offer one name make it ambiguous, never first wins")
    func ambiguous() async throws {
        let error = try #require(try await first.refusal("acme/hello"))
        #expect((error.exitCode, error.code) == (.usage, "reference_ambiguous"))
        #expect(error.message.contains("could be default:acme/hello or corp:acme/hello"))
        #expect(error.hint == "Say which index: prax-host plugins install default:acme/hello.")
    }

    @Test("are told apart by their names")
    func named() async throws {
        let outcomes = try await first.install("corp:acme/hello")
        #expect(outcomes.map(\.receipt.version.description) == ["9.0.0"])
        #expect(outcomes.map(\.receipt.indexName) == ["corp"])
    }

    @Test("do not take over what came from another one")
    func bound() async throws {
        try await first.install("default:acme/hello")
        // A newer version elsewhere is somebody else's.
        let outcomes = try await first.install("acme/hello")
        #expect(outcomes.map(\.change) == [.alreadyThere])
        let error = try #require(try await first.refusal("corp:acme/hello"))
        #expect((error.exitCode, error.code) == (.conflict, "other_index"))
        try first.store(withoutHello: true)
        let gone = try #require(try await first.refusal("acme/hello"))
        #expect((gone.exitCode, gone.code) == (.conflict, "other_index"))
    }

    @Test("may not answer to the official store's short names")
    func official() async throws {
        try second.add(TestPackage(name: "praximous/tool", taskType: "tool"))
        try second.publish(version: 2, with: try TestKeys.make(5))
        let error = try #require(try await first.refusal("tool"))
        #expect((error.exitCode, error.code) == (.notFound, "package_not_found"))
    }

    @Test("answer alone for what only one offers")
    func alone() async throws {
        #expect(try await first.install("only_here").map(\.receipt.indexName) == ["default"])
    }

    @Test("that are not known are not found")
    func unknown() async throws {
        let error = try #require(try await first.refusal("nowhere:acme/hello"))
        #expect((error.exitCode, error.code) == (.notFound, "index_unknown"))
    }

    @Test("stop an installation when one of them cannot be believed")
    func broken() async throws {
        try second.publish(version: 2, with: TestKeys.stranger)
        let error = try #require(try await first.refusal("only_here"))
        #expect((error.exitCode, error.code) == (.verificationFailed, "key_unknown"))
    }

    @Test("keep their names when the trust file is written and read")
    func trustFile() throws {
        var trust = TrustFile()
        trust.indexes = first.policy.indexes
        trust.keys = [first.key.publicKey]
        trust.revokedKeys = ["0123456789abcdef"]
        try trust.write(first.root)
        #expect(try TrustFile(first.root) == trust)
    }

    @Test(
        "are not half read from a damaged trust file",
        arguments: ["{", "{\"format\":2}", "{\"format\":1,\"keys\":[1]}"]
    )
    func damaged(_ text: String) throws {
        try first.folder.write("root/config/trust.json", Array(text.utf8))
        let error = #expect(throws: RegistryError.self) { try TrustFile(first.root) }
        #expect(error?.code == "trust_file_damaged")
    }
}

extension TestStore {
    /// Publishes the index again, without acme/hello.
    func store(withoutHello: Bool) throws {
        try publish(version: 2) { index in
            guard var packages = index["packages"]?.objectValue else { return }
            packages["acme/hello"] = nil
            index["packages"] = .object(packages)
        }
    }
}
