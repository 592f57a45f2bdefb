import CSodium

/// The SHA-256 of a text that comes in pieces, so that a client can tell that it has the whole of it.
struct TextDigest: Sendable {
    private var state = crypto_hash_sha256_state()
    private var isEmpty = true

    init() { crypto_hash_sha256_init(&state) }

    mutating func append(_ text: String) {
        isEmpty = false
        let bytes = Array(text.utf8)
        crypto_hash_sha256_update(&state, bytes, UInt64(bytes.count))
    }

    /// In hexadecimal digits; nil when there was no text.
    var text: String? {
        guard !isEmpty else { return nil }
        var state = state
        var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
        crypto_hash_sha256_final(&state, &digest)
        return digest.map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
    }
}
