import Core
import Foundation
import PraximousJSON
import Testing

@testable import Registry

/// A store with a root of three keys of which two must sign, one key for its index and one for its timestamp.
final class RootedStore {
    let store: TestStore
    var rootKeys: [SigningKey]
    var indexKey: SigningKey
    var timestampKey: SigningKey
    /// When timestamps end that say nothing else.
    private let timestampEnd: String
    private let rootEnd: String

    /// With an end far away it is good for a host that goes by the real time.
    init(_ package: TestPackage = TestPackage(name: "acme/hello"), end: String? = nil) throws {
        store = try TestStore()
        (timestampEnd, rootEnd) = (end ?? "2026-11-30", end ?? "2027-11-01")
        try store.add(package)
        rootKeys = try (1...3).map { try TestKeys.make(UInt8($0)) }
        indexKey = try TestKeys.make(11)
        timestampKey = try TestKeys.make(12)
        try store.publish()
        try propose(signing: [0, 1])
        try publish(version: 1)
        store.policy.keys = []
        store.policy.indexes = []
    }

    var indexPath: String { store.folder.path + "/out/skills.json" }
    var trust: StoreTrust { StoreTrust(index: indexPath) }

    /// A root with the keys of this moment.
    func root(_ version: Int, expires: String? = nil) throws -> TrustRoot {
        TrustRoot(
            version: version,
            expires: try #require(Timestamp(expires ?? rootEnd)),
            root: .init(keys: rootKeys.map(\.publicKey), threshold: 2),
            timestamp: .init(keys: [timestampKey.publicKey], threshold: 1),
            index: .init(keys: [indexKey.publicKey], threshold: 1)
        )
    }

    /// Makes the next root the store's; `signing` are positions in `rootKeys`.
    func propose(signing positions: [Int], also others: [SigningKey] = [], expires: String? = nil) throws {
        let next = (try trust.root()?.version ?? 0) + 1
        let missing = try trust.propose(
            root(next, expires: expires),
            signing: positions.map { rootKeys[$0] } + others
        )
        #expect(missing == [])
    }

    /// Publishes the index under a version and says so in the timestamp.
    func publish(version: Int, expires: String? = nil, timestamp: Int? = nil) throws {
        try publishIndex(version: version)
        if let timestamp { try write(timestamp: timestamp, of: version) } else { try renew(expires: expires) }
    }

    /// The index alone, without a word of the timestamp.
    func publishIndex(version: Int, with key: SigningKey? = nil, _ change: (inout JSONObject) -> Void = { _ in }) throws
    {
        try store.publish(
            version: version,
            expires: max("2027-01-01", timestampEnd),
            with: key ?? indexKey,
            index: change
        )
    }

    func renew(expires: String? = nil) throws {
        try trust.renewTimestamp(
            index: indexPath,
            with: [timestampKey],
            now: try #require(Timestamp("2026-11-22")),
            expires: try #require(Timestamp(expires ?? timestampEnd))
        )
    }

    /// A timestamp with a version of its own choosing.
    func write(timestamp version: Int, of indexVersion: Int) throws {
        let index = try store.folder.read("out/skills.json")
        let file = TimestampFile(
            version: version,
            issued: try #require(Timestamp("2026-11-22")),
            expires: try #require(Timestamp(timestampEnd)),
            rootVersion: 1,
            indexVersion: indexVersion,
            indexBytes: index.count,
            indexDigest: SHA256Digest(of: index)
        )
        try put("timestamp.json", file.encoded(), as: .timestamp, [timestampKey])
    }

    /// Writes a signed file into `registry/`, whoever signs it.
    func put(_ name: String, _ bytes: [UInt8], as role: SignedRole, _ keys: [SigningKey]) throws {
        try store.folder.write("out/registry/" + name, bytes)
        let signature = SignatureFile.signing(bytes, as: role, with: keys)
        try store.folder.write("out/registry/\(name).sig", signature.encoded())
    }

    func remove(_ names: String...) throws {
        for name in names {
            try FileManager.default.removeItem(atPath: store.folder.path + "/out/registry/" + name)
        }
    }

    /// Believes the store for its first root.
    func trustFirstRoot() throws {
        let root = try TrustRoot(store.folder.read("out/registry/1.root.json"))
        let entry = IndexEntry(name: "corp", address: store.policy.index, anchor: TrustAnchor(keys: [], root: root))
        store.policy.choose(entry)
    }

    /// Believes the store for one of its root keys.
    func trustFirstKey() {
        let anchor = TrustAnchor(keys: [rootKeys[0].publicKey])
        store.policy.choose(IndexEntry(name: "corp", address: store.policy.index, anchor: anchor))
    }
}
