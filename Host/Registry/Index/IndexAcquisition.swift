import Core
import Egress

/// What is made of an index, and what it must tell to be believed.
package protocol IndexContents: Sendable {
    var version: Int { get }
    var generated: Timestamp? { get }
    var expires: Timestamp? { get }
    /// The same without packages that bear the official store's owner: short names mean that one, and nobody else may
    /// answer to them.
    func withoutOfficialOwner() -> Self
}

extension StoreIndex: IndexContents {}

/// How the bytes of an index become what is wanted of it, with warnings about what was left out.
///
/// Called with bytes whose signature was right, and their digest.
typealias IndexReading<Contents: IndexContents> =
    @Sendable (_ bytes: [UInt8], _ digest: SHA256Digest) throws -> (
        contents: Contents, warnings: [String]
    )

/// An index that was believed, with the files that led to it.
struct VerifiedIndex<Contents: IndexContents>: Sendable {
    let contents: Contents
    let signers: [PublicKey]
    let warnings: [String]
    let isBehind: Bool
    let files: [String: [UInt8]]
}

/// Decides whether to believe a store, step by step: root, timestamp, index.
///
/// After TUF 5.3-5.6, with one index file in place of snapshot and targets. Time is fixed when it begins: a clock that
/// moves meanwhile changes nothing. What was accepted is remembered at once, so that a later failure loses none of it.
struct IndexAcquisition<Contents: IndexContents>: Sendable {
    let source: IndexSource
    let anchor: TrustAnchor
    /// Ids of keys that count for nothing here, whatever a root says.
    let revokedKeys: Set<String>
    let files: IndexFiles
    let now: Timestamp
    /// How long a timestamp or an index is good for after it was made, in place of the end that it names.
    let maxAgeSeconds: Int64?
    /// How long they are good for at least, for what is carried by hand.
    let minAgeSeconds: Int64
    /// For looking around: age and going back are warnings.
    let isLenient: Bool
    let unsigned: UnsignedRule
    /// The files as they were last time: what is unchanged need not be fetched.
    let kept: IndexFiles
    private let reading: IndexReading<Contents>

    private(set) var memory: IndexMemory
    private let remember: @Sendable (IndexMemory) throws -> Void
    private var seen: [String: [UInt8]] = [:]
    private var warnings: [String] = []
    /// Older than what was seen before; only somebody who looks around gets this far.
    private var isBehind = false

    init(
        source: IndexSource,
        anchor: TrustAnchor,
        revokedKeys: Set<String>,
        files: IndexFiles,
        kept: IndexFiles,
        now: Timestamp,
        maxAgeSeconds: Int64?,
        minAgeSeconds: Int64,
        isLenient: Bool,
        unsigned: UnsignedRule,
        memory: IndexMemory,
        remember: @escaping @Sendable (IndexMemory) throws -> Void,
        reading: @escaping IndexReading<Contents>
    ) {
        self.reading = reading
        self.source = source
        self.anchor = anchor.without(revokedKeys)
        self.revokedKeys = revokedKeys
        self.files = files
        self.kept = kept
        self.now = now
        self.maxAgeSeconds = maxAgeSeconds
        self.minAgeSeconds = minAgeSeconds
        self.isLenient = isLenient
        self.unsigned = unsigned
        self.memory = memory.believed(by: self.anchor)
        self.remember = remember
    }

    mutating func run() async throws -> VerifiedIndex<Contents> {
        try checkClock(memory.issued, what: "what this host has seen of the store")
        guard let root = try await updateRoot() else { return try await readIndex(root: nil, timestamp: nil) }
        let timestamp = try await readTimestamp(root)
        return try await readIndex(root: root, timestamp: timestamp)
    }

    /// The newest root; nil for a store that has none and is known by its keys.
    private mutating func updateRoot() async throws -> TrustRoot? {
        var root = try memory.root.map { try TrustRoot(Array($0.utf8)) } ?? anchor.root
        if let known = anchor.root, let current = root, current.version < known.version { root = known }
        for rotation in 0...TrustRoot.maxRotations {
            let name = "registry/\((root?.version ?? 0) + 1).root.json"
            guard let bytes = try await read(name, TrustRoot.maxBytes) else { break }
            guard rotation < TrustRoot.maxRotations else {
                throw RegistryError.root("more than \(TrustRoot.maxRotations) new versions follow the one known here")
            }
            guard let signature = try await read(name + ".sig", SignatureFile.maxBytes) else {
                throw RegistryError.root("\(name) has no signature")
            }
            let next: TrustRoot
            if let root {
                next = try root.without(revokedKeys).successor(bytes, signature)
                if memory.rootAnchors.isEmpty { memory.rootAnchors = anchor.identities }
            } else {
                (next, memory.rootAnchors) = try anchor.firstRoot(bytes, signature)
            }
            if let root, next.replacesKeys(of: root) { memory.forgetVersions() }
            memory.root = String(decoding: bytes, as: UTF8.self)
            try remember(memory)
            root = next
        }
        guard let root = root?.without(revokedKeys) else { return nil }
        if root.expires <= now { try complain(.root("it expired at \(root.expires)", code: "root_expired")) }
        return root
    }

    private mutating func readTimestamp(_ root: TrustRoot) async throws -> TimestampFile {
        let name = "registry/timestamp.json"
        guard let bytes = try await read(name, TimestampFile.maxBytes),
            let signature = try await read(name + ".sig", SignatureFile.maxBytes)
        else {
            throw RegistryError.timestamp("\(name) or its signature is missing", code: "timestamp_missing")
        }
        try SignatureFile(signature, of: "the store's timestamp")
            .require(root.timestamp, of: bytes, as: .timestamp, subject: "The store's timestamp")
        let timestamp = try TimestampFile(bytes)
        try checkClock(timestamp.issued, what: "the store's timestamp")
        let digest = SHA256Digest(of: bytes).hex
        if let last = memory.timestampVersion {
            guard timestamp.version >= last else {
                try complain(.timestamp(Self.older(timestamp.version, than: last), code: "rollback"))
                isBehind = true
                return timestamp
            }
            guard timestamp.version > last || memory.timestampDigest == digest else {
                throw RegistryError.timestamp("there are two different ones with version \(last)", code: "rollback")
            }
        }
        guard timestamp.rootVersion <= root.version else {
            throw RegistryError.timestamp(
                "it was made under root \(timestamp.rootVersion), and the store shows none after \(root.version)",
                code: "root_missing"
            )
        }
        try checkAge(issued: timestamp.issued, expires: timestamp.expires) {
            .timestamp("it \($0): a freeze? Somebody may be holding back newer versions", code: "timestamp_expired")
        }
        memory.timestampVersion = timestamp.version
        memory.timestampDigest = digest
        memory.issued = timestamp.issued
        try remember(memory)
        return timestamp
    }

    private mutating func readIndex(root: TrustRoot?, timestamp: TimestampFile?) async throws -> VerifiedIndex<Contents>
    {
        let (bytes, digest) = try await indexBytes(timestamp)
        let signers = try await checkSignature(of: bytes, root: root)
        let (index, readingWarnings) = try reading(bytes, digest)
        if let timestamp, index.version != timestamp.indexVersion {
            throw RegistryError.index(
                "mix-and-match: it is version \(index.version), the timestamp names \(timestamp.indexVersion)",
                code: "mix_and_match"
            )
        }
        try checkClock(index.generated, what: "the index")
        // Where a timestamp speaks for it, an index may be as old as it likes.
        try checkAge(issued: timestamp?.issued ?? index.generated, expires: index.expires) {
            .index("it \($0), so it may hide newer versions", code: "index_expired")
        }
        if let last = memory.version, index.version < last {
            try complain(.index(Self.older(index.version, than: last), code: "rollback"))
            isBehind = true
        } else if !signers.isEmpty {
            memory.signers = signers.map(\.id)
            if timestamp == nil { memory.issued = index.generated }
            memory.version = index.version
            memory.digest = digest.hex
            try remember(memory)
        }
        return VerifiedIndex(
            contents: index,
            signers: signers,
            warnings: readingWarnings + warnings,
            isBehind: isBehind,
            files: seen
        )
    }

    private mutating func indexBytes(_ timestamp: TimestampFile?) async throws -> ([UInt8], SHA256Digest) {
        guard let timestamp else {
            guard let bytes = try await read(source.fileName, IndexReader.maxBytes) else { throw missing }
            return (bytes, SHA256Digest(of: bytes))
        }
        let name = source.fileName
        if let copy = try? await kept.read(name, IndexReader.maxBytes),
            SHA256Digest(of: copy) == timestamp.indexDigest
        {
            seen[name] = copy
            return (copy, timestamp.indexDigest)
        }
        guard timestamp.indexBytes <= IndexReader.maxBytes else {
            throw RegistryError.index("it has more than \(IndexReader.maxBytes) bytes")
        }
        // The cap is the length in the signed timestamp: a longer body ends before its tail is even read.
        guard let bytes = try await read(name, timestamp.indexBytes) else { throw missing }
        guard SHA256Digest(of: bytes) == timestamp.indexDigest else {
            throw RegistryError.index(
                "mix-and-match: it is not the one that the store's timestamp \(timestamp.version) names",
                code: "mix_and_match"
            )
        }
        return (bytes, timestamp.indexDigest)
    }

    private mutating func checkSignature(of bytes: [UInt8], root: TrustRoot?) async throws -> [PublicKey] {
        let wanted = root?.index ?? TrustRoot.Role(keys: anchor.keys, threshold: 1)
        guard let signature = try await read("registry/\(source.fileName).sig", SignatureFile.maxBytes) else {
            guard root == nil else { throw RegistryError.index("its signature is missing", code: "signature_missing") }
            try unsigned.check("The index at \(source.address.place)")
            return []
        }
        return try SignatureFile(signature, of: "The index")
            .require(wanted, of: bytes, as: .index, subject: "The index")
    }

    private mutating func read(_ name: String, _ maxBytes: Int) async throws -> [UInt8]? {
        let bytes = try await files.read(name, maxBytes)
        seen[name] = bytes
        return bytes
    }

    private var missing: RegistryError {
        RegistryError(
            .network,
            "index_missing",
            "There is no index at \(source.address.text).",
            hint: "Check the address of the index."
        )
    }

    private static func older(_ version: Int, than last: Int) -> String {
        "rollback: it is version \(version), this host has already seen \(last)"
    }

    /// A clock before what has certainly happened is wrong, and would make everything look fresh.
    private mutating func checkClock(_ moment: Timestamp?, what: String) throws {
        let past = [moment, Timestamp(microseconds: HostVersion.released)].compactMap(\.self).max() ?? now
        guard now.seconds + 86_400 < past.seconds else { return }
        let other = past == moment ? what : "this host"
        try complain(
            .index("the clock is wrong: it shows \(now), \(other) is of \(past)", code: "clock_wrong")
        )
    }

    private mutating func checkAge(
        issued: Timestamp?,
        expires: Timestamp?,
        _ error: (String) -> RegistryError
    ) throws {
        if let issued, let maxAgeSeconds {
            let end = Timestamp(seconds: issued.seconds + maxAgeSeconds)
            guard end > now else {
                return try complain(error("is of \(issued), older than `max_age_days` allows"))
            }
            if let expires, expires <= now { warnings.append(error("expired at \(expires)").message) }
            return
        }
        guard let expires, expires <= now else { return }
        let isYoung = issued.map { now.seconds < $0.seconds + minAgeSeconds } ?? false
        if isYoung {
            warnings.append(error("expired at \(expires)").message)
        } else {
            try complain(error("expired at \(expires)"))
        }
    }

    private mutating func complain(_ error: RegistryError) throws {
        guard isLenient else { throw error }
        warnings.append(error.message)
    }
}
