import Core

/// The roots and the timestamp of a store that is being published: the files in `registry/` beside its index.
package struct StoreTrust: Sendable {
    /// A root that not enough keys have signed yet; it is not part of the store.
    private static let pending = "pending.root.json"

    /// The folder `registry`.
    package let path: String

    /// - Parameter index: the path of skills.json.
    package init(index: String) {
        path = (index.lastIndex(of: "/").map { String(index[...$0]) } ?? "") + "registry"
    }

    /// The newest root; nil when the store has none.
    package func root() throws -> TrustRoot? {
        guard let folder = try Folder.openIfPresent(path) else { return nil }
        var newest: TrustRoot?
        for version in 1... {
            let name = "\(version).root.json"
            guard try folder.status(name) != nil else { break }
            newest = try TrustRoot(folder.openFile(name).readAll(maxBytes: TrustRoot.maxBytes))
        }
        return newest
    }

    /// Proposes the store's next root and signs it with what keys are at hand.
    ///
    /// Returns what is still missing before it counts; nothing when it is complete.
    package func propose(_ root: TrustRoot, signing keys: [SigningKey]) throws -> [String] {
        let current = try self.root()
        guard root.version == (current?.version ?? 0) + 1 else {
            let next = (current?.version ?? 0) + 1
            throw RegistryError.root("it is version \(root.version), the store's next is \(next)")
        }
        let folder = try Folder.make(path)
        try folder.replaceFile(Self.pending, with: root.encoded())
        try folder.removeIfPresent(Self.pending + ".sig")
        return try sign(with: keys)
    }

    /// Adds signatures to the root that waits for them, and makes it the store's once there are enough.
    package func sign(with keys: [SigningKey]) throws -> [String] {
        let folder = try Folder.make(path)
        guard try folder.status(Self.pending) != nil else {
            throw RegistryError(
                .notFound,
                "no_pending_root",
                "No root waits for signatures in \(path).",
                hint: "Begin with `prax-host registry root init` or `registry root rotate`."
            )
        }
        let bytes = try folder.openFile(Self.pending).readAll(maxBytes: TrustRoot.maxBytes)
        let next = try TrustRoot(bytes)
        let current = try root()
        let mayLack = [next.root, current?.root].compactMap(\.self)
        for key in keys where !mayLack.contains(where: { $0.keys.contains(key.publicKey) }) {
            throw RegistryError(
                .usage,
                "key_not_in_root",
                "Key \(key.publicKey.id) is no root key of the old root, nor of the new one.",
                hint: "Sign with \(mayLack.flatMap(\.keys).map(\.id).joined(separator: ", "))."
            )
        }
        var file = SignatureFile(role: .root, entries: [])
        if try folder.status(Self.pending + ".sig") != nil {
            let old = try folder.openFile(Self.pending + ".sig").readAll(maxBytes: SignatureFile.maxBytes)
            file = try SignatureFile(old, of: "the root")
        }
        file = file.adding(keys, to: bytes)
        let missing = mayLack.enumerated().compactMap { position, role -> String? in
            let count = file.count(of: role, signing: bytes)
            guard count < role.threshold else { return nil }
            return "\(role.threshold - count) more of the \(position == 0 ? "new" : "old") root's keys"
        }
        guard missing.isEmpty else {
            try folder.replaceFile(Self.pending + ".sig", with: file.encoded())
            return missing
        }
        let name = "\(next.version).root.json"
        // The signature first: a root without one would stop every client.
        try folder.replaceFile(name + ".sig", with: file.encoded())
        try folder.replaceFile(name, with: bytes)
        try folder.replaceFile("root.json", with: bytes)
        try folder.removeIfPresent(Self.pending)
        try folder.removeIfPresent(Self.pending + ".sig")
        return []
    }

    /// Says anew which index is the newest.
    ///
    /// - Returns: the version of the timestamp.
    @discardableResult
    package func renewTimestamp(
        index: String,
        with keys: [SigningKey],
        now: Timestamp,
        expires: Timestamp
    ) throws -> Int {
        guard let root = try root() else {
            throw RegistryError(
                .notFound,
                "no_root",
                "The store has no root, and so no timestamp.",
                hint: "Make one with `prax-host registry root init`, or do without: the index alone is signed then."
            )
        }
        let bytes = try OpenFile.reading(index).readAll(maxBytes: IndexReader.maxBytes)
        var reader = IndexReader()
        let version = try reader.read(bytes).version
        let folder = try Folder.make(path)
        let last =
            try folder.status("timestamp.json") == nil
            ? nil : TimestampFile(folder.openFile("timestamp.json").readAll(maxBytes: TimestampFile.maxBytes))
        func next(_ number: Int) -> TimestampFile {
            TimestampFile(
                version: number,
                issued: now,
                expires: expires,
                rootVersion: root.version,
                indexVersion: version,
                indexBytes: bytes.count,
                indexDigest: SHA256Digest(of: bytes)
            )
        }
        // The same words need no new number: a store built again from the same sources stays the same bytes.
        let number = last.map { next($0.version) == $0 ? $0.version : $0.version + 1 } ?? 1
        let timestamp = next(number).encoded()
        let file = SignatureFile.signing(timestamp, as: .timestamp, with: keys)
        try file.require(root.timestamp, of: timestamp, as: .timestamp, subject: "The timestamp")
        try folder.replaceFile("timestamp.json.sig", with: file.encoded())
        try folder.replaceFile("timestamp.json", with: timestamp)
        return number
    }

    /// After an index was signed: names it in the timestamp where there is one and this key may do that, or says who
    /// must.
    func renewTimestamp(of index: String, by key: SigningKey, now: Timestamp, expires: Timestamp) throws -> [String] {
        guard let root = try root() else { return [] }
        guard root.timestamp.keys.contains(key.publicKey), root.timestamp.threshold == 1 else {
            return ["The timestamp still names the index before: prax-host registry timestamp \(index) --key FILE."]
        }
        try renewTimestamp(index: index, with: [key], now: now, expires: expires)
        return []
    }
}
