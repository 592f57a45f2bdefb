import Core
package import Egress

/// What the operator decided about stores: the `store:` section of config/praximous.yaml, and config/trust.json.
package struct StorePolicy: Sendable {
    /// The address of the default index: https, http, `file:`, or the path of a folder or of its skills.json.
    package var index: String
    /// Keys that may sign the default index or a local package, besides the official one.
    package var keys: [PublicKey]
    /// Indexes beside the default one, each with trust of its own.
    package var indexes: [IndexEntry]
    /// Ids of keys that count for nothing here, whatever a store says.
    package var revokedKeys: Set<String>
    /// Whether `--allow-unsigned` has any effect.
    package var allowsUnsigned: Bool
    /// How long an index is good for after it was made, in days; nil leaves it to the index.
    package var maxAgeDays: Int?
    /// Nothing is asked of the network; kept copies must do.
    package var isOffline: Bool
    package var rules: StoreRules
    package var download: DownloadPolicy
    /// The one index that was asked for.
    private var only: IndexEntry?

    package init(
        index: String,
        keys: [PublicKey] = [],
        indexes: [IndexEntry] = [],
        revokedKeys: Set<String> = [],
        allowsUnsigned: Bool = false,
        maxAgeDays: Int? = nil,
        isOffline: Bool = false,
        rules: StoreRules = StoreRules(),
        download: DownloadPolicy = DownloadPolicy()
    ) {
        self.index = index
        self.keys = keys
        self.indexes = indexes
        self.revokedKeys = revokedKeys
        self.allowsUnsigned = allowsUnsigned
        self.maxAgeDays = maxAgeDays
        self.isOffline = isOffline
        self.rules = rules
        self.download = download
    }

    /// Reads keys as config writes them; names the one that is none.
    package static func keys(_ texts: [String]) throws -> [PublicKey] {
        try texts.map { text in
            guard let key = PublicKey(text: text) else {
                throw RegistryError(
                    .usage,
                    "key_malformed",
                    "store.keys holds \(text.quotedForMessage()), which is no public key.",
                    hint: "Expected the base64 of 32 bytes, as in registry/keys/official.pub."
                )
            }
            return key
        }
    }

    /// Keys that may sign local packages.
    var trustedKeys: [PublicKey] {
        ((OfficialStore.key.map { [$0] } ?? []) + keys).filter { !revokedKeys.contains($0.id) }
    }

    /// Leaves no index but this one.
    package mutating func choose(_ entry: IndexEntry) { only = entry }

    /// Every index of this installation, the default one first.
    package var entries: [IndexEntry] {
        if let only { return [only] }
        return [
            IndexEntry(
                name: IndexEntry.defaultName,
                address: index,
                anchor: TrustAnchor(keys: trustedKeys),
                maxAgeDays: maxAgeDays
            )
        ] + indexes
    }
}
