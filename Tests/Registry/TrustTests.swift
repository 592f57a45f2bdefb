import Core
import Foundation
import PraximousJSON
import Testing

@testable import Registry

@Suite("A store with a root") struct TrustTests {
    private let rooted: RootedStore
    private var store: TestStore { rooted.store }

    init() throws {
        rooted = try RootedStore()
        try rooted.trustFirstRoot()
    }

    private func refusal(_ code: String, _ words: String) async throws {
        let error = try #require(try await store.refusal("hello"))
        #expect(error.exitCode == .verificationFailed)
        #expect(error.code == code)
        #expect(error.message.contains(words), "\(error.message)")
    }

    @Test("is believed for its root, or for a key that signed its first one", arguments: [true, false])
    func believed(byRoot: Bool) async throws {
        if !byRoot { rooted.trustFirstKey() }
        let outcomes = try await store.install("hello")
        #expect(outcomes.map(\.receipt.indexName) == ["corp"])
        #expect(outcomes.map(\.receipt.indexKey) == [rooted.indexKey.publicKey.id])
    }

    @Test("is not believed for a key that signed nothing")
    func stranger() async throws {
        let anchor = TrustAnchor(keys: [try #require(TestKeys.stranger).publicKey])
        store.policy.choose(IndexEntry(name: "corp", address: store.policy.index, anchor: anchor))
        try await refusal("key_unknown", "The store's root 1 is signed by key")
    }

    @Test("needs as many signatures under its root as that says")
    func threshold() async throws {
        rooted.trustFirstKey()
        let bytes = try rooted.root(1).encoded()
        try rooted.put("1.root.json", bytes, as: .root, [rooted.rootKeys[0]])
        try await refusal("too_few_signatures", "is signed by 1 of its keys, 2 must")
    }

    @Test("is refused when one key signs its root twice")
    func twice() async throws {
        rooted.trustFirstKey()
        let bytes = try rooted.root(1).encoded()
        let one = SignatureFile.signing(bytes, as: .root, with: rooted.rootKeys[0])
        let twice = SignatureFile(role: .root, entries: one.entries + one.entries)
        try store.folder.write("out/registry/1.root.json.sig", twice.encoded())
        try await refusal("signature_malformed", "one key signs twice")
    }

    @Test("cannot count one key under two ids")
    func ids() throws {
        let text = String(decoding: try rooted.root(1).encoded(), as: UTF8.self)
        let other = text.replacing(rooted.rootKeys[0].publicKey.id, with: "0123456789abcdef")
        let error = #expect(throws: RegistryError.self) { try TrustRoot(Array(other.utf8)) }
        #expect(error?.message.contains("is not what its id says") == true)
    }

    @Test("is refused when a signature was made for another role")
    func otherRole() async throws {
        let timestamp = try store.folder.read("out/registry/timestamp.json")
        let asIndex = SignatureFile.signing(timestamp, as: .index, with: rooted.timestampKey)
        try store.folder.write("out/registry/timestamp.json.sig", asIndex.encoded())
        try await refusal("signature_role", "is one for a index, expected one for a timestamp")
        let renamed = SignatureFile(role: .timestamp, entries: asIndex.entries)
        try store.folder.write("out/registry/timestamp.json.sig", renamed.encoded())
        try await refusal("signature_wrong", "the content is not what was signed")
    }

    @Test("is refused when its index is signed by the timestamp's key")
    func wrongRoleKey() async throws {
        try store.publish(version: 2, with: rooted.timestampKey)
        try rooted.renew()
        try await refusal("key_unknown", "trusted are \(rooted.indexKey.publicKey.id)")
    }

    @Test("may not lose its timestamp, a signature or its root", arguments: ["timestamp", "signature", "root"])
    func stripped(_ what: String) async throws {
        rooted.trustFirstKey()
        try await store.install("hello")
        switch what {
        case "timestamp":
            try rooted.remove("timestamp.json")
            try await refusal("timestamp_missing", "registry/timestamp.json or its signature is missing")
        case "signature":
            try rooted.remove("skills.json.sig")
            try await refusal("signature_missing", "its signature is missing")
        default:
            try rooted.remove("1.root.json", "1.root.json.sig", "root.json", "timestamp.json", "timestamp.json.sig")
            try await refusal("timestamp_missing", "registry/timestamp.json or its signature is missing")
        }
    }

    @Test("may not go back, neither its timestamp nor its index")
    func rollback() async throws {
        try rooted.publish(version: 5, timestamp: 7)
        try await store.install("hello")
        try rooted.write(timestamp: 6, of: 5)
        try await refusal("rollback", "rollback: it is version 6, this host has already seen 7")
        try store.publish(version: 4, with: rooted.indexKey)
        try rooted.write(timestamp: 8, of: 4)
        try await refusal("rollback", "rollback: it is version 4, this host has already seen 5")
        #expect(store.installed == ["acme/hello 1.0.0"])
    }

    @Test("may not give two timestamps one version")
    func equivocation() async throws {
        try rooted.publish(version: 5, timestamp: 7)
        try await store.install("hello")
        try rooted.publish(version: 6, timestamp: 7)
        try await refusal("rollback", "there are two different ones with version 7")
    }

    @Test("may not be frozen: an expired timestamp stops installs, what is installed keeps running")
    func freeze() async throws {
        try await store.install("hello")
        store.now += 8 * 86_400
        try await refusal("timestamp_expired", "it expired at 2026-11-30T00:00:00Z: a freeze?")
        #expect(store.installed == ["acme/hello 1.0.0"])
    }

    @Test("lives as long as the operator says where nothing signs it anew", arguments: [(12, true), (5, false)])
    func maxAge(days: Int, isGood: Bool) async throws {
        store.policy.maxAgeDays = days
        store.now += 8 * 86_400
        if isGood {
            try await store.install("hello")
        } else {
            try await refusal("timestamp_expired", "it is of 2026-11-22T00:00:00Z, older than `max_age_days` allows")
        }
    }

    @Test("may not mix the timestamp of one day with the index of another")
    func mixAndMatch() async throws {
        let old = try store.folder.read("out/skills.json")
        let oldSignature = try store.folder.read("out/registry/skills.json.sig")
        try store.publish(version: 2, with: rooted.indexKey) { $0["note"] = "longer" }
        try rooted.renew()
        try store.folder.write("out/skills.json", old)
        try store.folder.write("out/registry/skills.json.sig", oldSignature)
        try await refusal("mix_and_match", "mix-and-match")
    }

    @Test("ends an index that is longer than its timestamp says at that length")
    func endless() async throws {
        let bytes = try store.folder.read("out/skills.json")
        try store.folder.write("out/skills.json", bytes + [UInt8](repeating: 0x20, count: 1 << 20))
        let error = try #require(try await store.refusal("hello"))
        #expect(error.exitCode == .verificationFailed)
        #expect(error.message.contains("more than the \(bytes.count) bytes"), "\(error.message)")
    }

    @Test("loses what a revoked key has signed", arguments: ["root", "index", "timestamp"])
    func revoked(_ role: String) async throws {
        let keys = ["root": rooted.rootKeys[1], "index": rooted.indexKey, "timestamp": rooted.timestampKey]
        store.policy.revokedKeys = [try #require(keys[role]).publicKey.id]
        guard role == "root" else { return try await refusal("key_unknown", "none is trusted") }
        // The root itself came on a trusted way; the next one would need that key.
        try await store.install("hello")
        try rooted.propose(signing: [0, 1])
        let error = try #require(try await store.refusal("hello", options: InstallOptions(force: true)))
        #expect(error.code == "too_few_signatures")
    }

    @Test("does not outlive the key that brought it in")
    func vouched() async throws {
        rooted.trustFirstKey()
        try await store.install("hello")
        store.policy.revokedKeys = [rooted.rootKeys[0].publicKey.id]
        let error = try #require(try await store.refusal("hello", options: InstallOptions(force: true)))
        #expect((error.exitCode, error.code) == (.verificationFailed, "key_unknown"))
    }

    @Test("is not believed for what another one of its name was believed for")
    func replaced() async throws {
        try await store.install("hello")
        let anchor = TrustAnchor(keys: [try #require(TestKeys.stranger).publicKey])
        store.policy.choose(IndexEntry(name: "corp", address: store.policy.index, anchor: anchor))
        let error = try #require(try await store.refusal("hello", options: InstallOptions(force: true)))
        #expect(error.code == "key_unknown")
    }

    @Test("is seen by two processes, and neither takes back what the other has seen")
    func memories() throws {
        let state = IndexState(folder: try Folder.make(store.layout.dataFolder))
        let old = IndexMemory(timestampVersion: 5, version: 5)
        let new = IndexMemory(timestampVersion: 7, version: 7)
        try state.remember(new, of: "corp")
        try state.remember(old, of: "corp")
        #expect(try state.memory(of: "corp") == new)
    }

    @Test("may have an index that is older than its timestamp allows")
    func oldIndex() async throws {
        store.policy.maxAgeDays = 30
        store.now += 60 * 86_400
        try rooted.trust.renewTimestamp(
            index: rooted.indexPath,
            with: [rooted.timestampKey],
            now: Timestamp(seconds: store.now - 86_400),
            expires: Timestamp(seconds: store.now + 86_400)
        )
        try await store.install("hello")
    }

    @Test("has its clock trusted, not ours: 2001 is a wrong clock, not an expiry")
    func clock() async throws {
        store.now = 978_307_200
        try await refusal("clock_wrong", "the clock is wrong: it shows 2001-01-01T00:00:00Z")
    }
}

@Suite("A store that changes its keys") struct RotationTests {
    private let rooted: RootedStore
    private var store: TestStore { rooted.store }

    init() throws {
        rooted = try RootedStore()
        try rooted.trustFirstRoot()
    }

    /// New keys for everything, vouched for by two of the old ones.
    private func rotate() throws {
        let old = rooted.rootKeys
        rooted.rootKeys = try (21...23).map { try TestKeys.make($0) }
        rooted.indexKey = try TestKeys.make(31)
        rooted.timestampKey = try TestKeys.make(32)
        try rooted.propose(signing: [1, 2], also: [old[0], old[2]])
    }

    @Test("is followed root by root, and remembered")
    func followed() async throws {
        try await store.install("hello")
        try rotate()
        try rotate()
        try rooted.publish(version: 2)
        try await store.install("hello", options: InstallOptions(force: true))
        // The old roots are not needed any more by a host that has followed them.
        try rooted.remove("1.root.json", "2.root.json")
        try await store.install("hello", options: InstallOptions(force: true))
        #expect(store.installed == ["acme/hello 1.0.0"])
    }

    private func refusal(_ code: String, _ words: String) async throws {
        let error = try #require(try await store.refusal("hello"))
        #expect((error.exitCode, error.code) == (.verificationFailed, code))
        #expect(error.message.contains(words), "\(error.message)")
    }

    @Test("must have the old keys sign the new root")
    func onlyNew() async throws {
        rooted.rootKeys = try (21...23).map { try TestKeys.make($0) }
        try rooted.put("2.root.json", rooted.root(2).encoded(), as: .root, rooted.rootKeys)
        try await refusal("key_unknown", "The store's root 2 is signed by key")
    }

    @Test("must have the new keys sign the new root, too")
    func onlyOld() async throws {
        let old = rooted.rootKeys
        rooted.rootKeys = try (21...23).map { try TestKeys.make($0) }
        try rooted.put("2.root.json", rooted.root(2).encoded(), as: .root, old)
        try await refusal("key_unknown", "The store's root 2 is signed by key")
    }

    @Test("may not skip a root", arguments: [true, false])
    func skipped(renamed: Bool) async throws {
        let old = rooted.rootKeys
        if renamed {
            try rooted.put("2.root.json", rooted.root(3).encoded(), as: .root, old)
            try await refusal("root_refused", "it is version 3, the one that follows 1 was expected")
        } else {
            try rotate()
            try rotate()
            try rooted.publish(version: 2)
            try rooted.remove("2.root.json")
            try await refusal("key_unknown", "The store's timestamp is signed by key")
        }
    }

    @Test("has its roots followed 256 at a time")
    func many() async throws {
        let keys = [rooted.rootKeys[0], rooted.rootKeys[1]]
        for version in 2...258 {
            try rooted.put("\(version).root.json", rooted.root(version).encoded(), as: .root, keys)
        }
        try await refusal("root_refused", "more than 256 new versions follow")
        try await store.install("hello")
    }

    @Test("recovers from a thief who drove the versions up")
    func fastForward() async throws {
        try rooted.publish(version: 9_007_199_254_740_991, timestamp: 9_007_199_254_740_991)
        try await store.install("hello")
        try rotate()
        try rooted.publish(version: 3, timestamp: 2)
        try await store.install("hello", options: InstallOptions(force: true))
    }

    @Test("is refused when its newest root has expired")
    func expired() async throws {
        try rooted.propose(signing: [0, 1], expires: "2026-11-01")
        try await refusal("root_expired", "it expired at 2026-11-01T00:00:00Z")
    }
}
