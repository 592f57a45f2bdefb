import Core
import Storage
import TestSupport
import Testing

@Suite struct KeyStoreTests {
    private func key(_ id: String, scopes: [Scope]? = nil, created: Int64 = 1, expires: Int64? = nil) -> StoredAPIKey {
        let record = APIKeyRecord(
            id: id,
            name: "Nachtlauf “ß”",
            role: .developer,
            scopes: scopes,
            environment: .test,
            createdAt: created,
            expiresAt: expires
        )
        return StoredAPIKey(record: record, hash: [UInt8](repeating: 9, count: 32))
    }

    @Test("a key comes back as it was stored", arguments: [nil, [], [Scope.skillsRead, .invoke(skill: "echo")]])
    func roundTrip(scopes: [Scope]?) throws {
        let folder = try TemporaryFolder()
        let store = try KeyStore(path: folder.path + "/a.db")
        let stored = key("aaaa", scopes: scopes, expires: 99)
        try store.insert(stored)
        #expect(try store.find("aaaa")?.record == stored.record)
        #expect(try store.find("aaaa")?.hash == stored.hash)
        #expect(try store.find("bbbb") == nil)
    }

    @Test("keys are listed newest first")
    func lists() throws {
        let folder = try TemporaryFolder()
        let store = try KeyStore(path: folder.path + "/a.db")
        for (id, created) in [("a", 5), ("b", 9), ("c", 7)] { try store.insert(key(id, created: Int64(created))) }
        #expect(try store.all().map(\.record.id) == ["b", "c", "a"])
    }

    @Test("only the first of two first keys is stored")
    func insertsOnce() throws {
        let folder = try TemporaryFolder()
        let store = try KeyStore(path: folder.path + "/a.db")
        #expect(try store.isEmpty())
        #expect(try store.insertIfEmpty(key("a")))
        #expect(try !store.insertIfEmpty(key("b")))
        #expect(try store.all().map(\.record.id) == ["a"])
    }

    @Test("a revocation can be made earlier and never later")
    func revokes() throws {
        let folder = try TemporaryFolder()
        let store = try KeyStore(path: folder.path + "/a.db")
        try store.insert(key("a"))
        #expect(try store.revoke("a", at: 50)?.record.revokedAt == 50)
        #expect(try store.revoke("a", at: 90)?.record.revokedAt == 50)
        #expect(try store.revoke("a", at: 20)?.record.revokedAt == 20)
        #expect(try store.revoke("b", at: 20) == nil)
    }

    @Test("the time of last use never goes back")
    func notesUse() async throws {
        let folder = try TemporaryFolder()
        let store = try KeyStore(path: folder.path + "/a.db")
        try store.insert(key("a"))
        try await store.noteUse(["a": 8, "gone": 9])
        try await store.noteUse(["a": 5])
        #expect(try store.find("a")?.record.lastUsedAt == 8)
    }

    @Test(
        "the state of a key follows from its times",
        arguments: [
            (nil, nil, "active"), (101, nil, "active"), (100, nil, "expired"), (nil, 100, "revoked"),
            (nil, 101, "retiring"), (50, 50, "revoked"),
        ] as [(Int64?, Int64?, String)]
    )
    func state(expires: Int64?, revoked: Int64?, expected: String) {
        let record = APIKeyRecord(
            id: "a",
            name: "n",
            role: .admin,
            scopes: nil,
            environment: .live,
            createdAt: 1,
            expiresAt: expires,
            revokedAt: revoked
        )
        #expect(record.state(at: 100).rawValue == expected)
    }

    @Test("a stored key does not print its hash")
    func hides() {
        var text = ""
        dump(key("a"), to: &text)
        #expect(!text.contains("hash") && !text.contains("9"))
        #expect("\(key("a"))" == "key a")
    }
}
