import Core
import PraximousJSON
import Testing

@testable import Registry

/// One way to attack with what vouches for an index: roots, timestamps and their signatures.
///
/// The host has acme/hello 1.0.0 from index 5 under timestamp 7 and root 1.
struct TrustCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Part of the sentence that says why.
    let reason: String
    let spoil: @Sendable (RootedStore) throws -> Void

    init(_ what: String, _ reason: String, _ spoil: @escaping @Sendable (RootedStore) throws -> Void) {
        (testDescription, self.reason, self.spoil) = (what, reason, spoil)
    }
}

extension RootedStore {
    /// New keys for everything, vouched for by two of the old ones.
    func rotate(from seed: UInt8) throws {
        let old = rootKeys
        rootKeys = try (seed..<(seed + 3)).map { try TestKeys.make($0) }
        (indexKey, timestampKey) = (try TestKeys.make(seed + 3), try TestKeys.make(seed + 4))
        try propose(signing: [1, 2], also: [old[0], old[2]])
    }

    /// Root 2 with new keys, signed by these.
    fileprivate func replaceKeys(signing: (_ old: [SigningKey], _ new: [SigningKey]) -> [SigningKey]) throws {
        let old = rootKeys
        rootKeys = try (21...23).map { try TestKeys.make($0) }
        try put("2.root.json", root(2).encoded(), as: .root, signing(old, rootKeys))
    }
}

enum TrustCases {
    static let all: [TrustCase] = [
        TrustCase("2 two signatures that one key made", "one key signs twice") { store in
            let bytes = try store.root(2).encoded()
            let one = SignatureFile.signing(bytes, as: .root, with: store.rootKeys[0])
            let twice = SignatureFile(role: .root, entries: one.entries + one.entries)
            try store.store.folder.write("out/registry/2.root.json", bytes)
            try store.store.folder.write("out/registry/2.root.json.sig", twice.encoded())
        },
        TrustCase("2 one signature where two must be", "is signed by 1 of its keys, 2 must") { store in
            try store.put("2.root.json", store.root(2).encoded(), as: .root, [store.rootKeys[0]])
        },
        TrustCase("3 a timestamp signed as an index", "is one for a index, expected one for a timestamp") { store in
            let bytes = try store.store.folder.read("out/registry/timestamp.json")
            let signature = SignatureFile.signing(bytes, as: .index, with: store.timestampKey)
            try store.store.folder.write("out/registry/timestamp.json.sig", signature.encoded())
        },
        TrustCase("3 an index signed with the timestamp's key", "which is not known here") { store in
            try store.publishIndex(version: 6, with: store.timestampKey)
            try store.renew()
        },
        TrustCase("4 an older timestamp", "rollback: it is version 6, this host has already seen 7") { store in
            try store.write(timestamp: 6, of: 5)
        },
        TrustCase("4 an older index", "rollback: it is version 4, this host has already seen 5") { store in
            try store.publish(version: 4, timestamp: 8)
        },
        TrustCase("4 another timestamp of the same version", "there are two different ones with version 7") { store in
            try store.publish(version: 6, timestamp: 7)
        },
        TrustCase("5 a timestamp that has expired", "it expired at 2026-11-23T00:00:00Z: a freeze?") { store in
            try store.renew(expires: "2026-11-23")
        },
        TrustCase("6 the timestamp of one day and the index of another", "mix-and-match") { store in
            let names = ["out/skills.json", "out/registry/skills.json.sig"]
            let old = try names.map(store.store.folder.read)
            try store.publishIndex(version: 6) { $0["note"] = "longer" }
            try store.renew()
            for (name, bytes) in zip(names, old) { try store.store.folder.write(name, bytes) }
        },
        TrustCase("7 root 3 where root 2 is missing", "The store's timestamp is signed by key") { store in
            try store.rotate(from: 21)
            try store.rotate(from: 31)
            try store.publish(version: 6)
            try store.remove("2.root.json")
        },
        TrustCase("7 root 3 in the place of root 2", "it is version 3, the one that follows 1 was expected") { store in
            try store.put("2.root.json", store.root(3).encoded(), as: .root, store.rootKeys)
        },
        TrustCase("8 a new root that only its own keys signed", "The store's root 2 is signed by key") { store in
            try store.replaceKeys { _, new in new }
        },
        TrustCase("8 a new root that only the old keys signed", "The store's root 2 is signed by key") { store in
            try store.replaceKeys { old, _ in old }
        },
        TrustCase("10 a thousand roots", "more than 256 new versions follow") { store in
            let keys = [store.rootKeys[0], store.rootKeys[1]]
            for version in 2...1001 {
                try store.put("\(version).root.json", store.root(version).encoded(), as: .root, keys)
            }
        },
        TrustCase("13 a timestamp of version 2^63", "The store's timestamp is refused") { store in
            let text = String(decoding: try store.store.folder.read("out/registry/timestamp.json"), as: UTF8.self)
            let far = text.replacing("\"version\": 7", with: "\"version\": 9223372036854775808")
            #expect(far != text)
            try store.put("timestamp.json", Array(far.utf8), as: .timestamp, [store.timestampKey])
        },
        TrustCase("17 an index without its signature", "its signature is missing") { store in
            try store.remove("skills.json.sig")
        },
        TrustCase("17 an index without its timestamp", "timestamp.json or its signature is missing") { store in
            try store.remove("timestamp.json")
        },
        TrustCase("17 a store that has lost its root", "timestamp.json or its signature is missing") { store in
            try store.remove("1.root.json", "1.root.json.sig", "root.json", "timestamp.json", "timestamp.json.sig")
        },
    ]
}
