import Core
package import Egress

/// What the operator decided about stores: the `store:` section of config/praximous.yaml.
package struct StorePolicy: Sendable {
    /// The address of the index: https, http, `file:`, or the path of a folder or of its skills.json.
    package var index: String
    /// Keys that may sign an index or a local package, besides the official one.
    package var keys: [PublicKey]
    /// Whether `--allow-unsigned` has any effect.
    package var allowsUnsigned: Bool
    package var download: DownloadPolicy

    package init(
        index: String,
        keys: [PublicKey] = [],
        allowsUnsigned: Bool = false,
        download: DownloadPolicy = DownloadPolicy()
    ) {
        self.index = index
        self.keys = keys
        self.allowsUnsigned = allowsUnsigned
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

    var trustedKeys: [PublicKey] { (OfficialStore.key.map { [$0] } ?? []) + keys }
}
