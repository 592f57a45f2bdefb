import Core

/// What a store's words are measured against at the first contact.
package struct TrustAnchor: Sendable, Hashable {
    /// Any one of them may sign the store's first root; where a store has no root, its index.
    package var keys: [PublicKey]
    /// A root that the operator took from a trusted place; then `keys` have no say.
    package var root: TrustRoot?

    package init(keys: [PublicKey], root: TrustRoot? = nil) {
        self.keys = keys
        self.root = root
    }

    /// What a first root may rest on: the digest of the operator's root, or the ids of keys.
    var identities: [String] {
        root.map { ["root:" + SHA256Digest(of: $0.encoded()).hex] } ?? keys.map(\.id)
    }

    /// A store whose signatures the official key vouches for.
    var isOfficial: Bool { root == nil && OfficialStore.key.map(keys.contains) == true }

    /// The same without keys that the operator has revoked.
    func without(_ revoked: Set<String>) -> TrustAnchor {
        TrustAnchor(keys: keys.filter { !revoked.contains($0.id) }, root: root)
    }

    /// The first root of a store that is known by its keys alone.
    ///
    /// Also returns the ids of the keys that vouched for it.
    func firstRoot(_ bytes: [UInt8], _ signature: [UInt8]) throws -> (root: TrustRoot, vouchers: [String]) {
        let first = try TrustRoot(bytes)
        guard first.version == 1 else { throw RegistryError.root("it is version \(first.version), 1 was expected") }
        let file = try SignatureFile(signature, of: "the store's root 1")
        let vouchers = try file.require(
            .init(keys: keys, threshold: 1),
            of: bytes,
            as: .root,
            subject: "The store's root 1"
        )
        try file.require(first.root, of: bytes, as: .root, subject: "The store's root 1")
        return (first, vouchers.map(\.id))
    }
}
