import CSodium
import Core

/// An Ed25519 public key.
///
/// Its id is the first 8 bytes of its SHA-256, in hexadecimal.
package struct PublicKey: Sendable, Hashable {
    static let byteCount = 32
    static let signatureByteCount = 64

    package let bytes: [UInt8]
    package let id: String

    init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
        id = String(SHA256Digest(of: bytes).hex.prefix(16))
    }

    /// The key written as base64, alone or as the one line of a key file that is no `#` comment.
    package init?(text: String) {
        guard let line = KeyFile.payload(of: text), let bytes = Base64.decode(line, count: Self.byteCount) else {
            return nil
        }
        self.init(bytes: bytes)
    }

    package var base64: String { Base64.encode(bytes) }

    func verifies(signature: [UInt8], of message: [UInt8]) -> Bool {
        guard signature.count == Self.signatureByteCount else { return false }
        return crypto_sign_verify_detached(signature, message, UInt64(message.count), bytes) == 0
    }
}

/// The secret half, made from a 32-byte seed.
///
/// Only publishing needs one.
package struct SigningKey: Sendable {
    private let secret: [UInt8]
    package let publicKey: PublicKey

    init?(seed: [UInt8]) {
        guard seed.count == 32, sodium_init() >= 0 else { return nil }
        var publicBytes = [UInt8](repeating: 0, count: PublicKey.byteCount)
        var secret = [UInt8](repeating: 0, count: 64)
        guard crypto_sign_seed_keypair(&publicBytes, &secret, seed) == 0, let key = PublicKey(bytes: publicBytes) else {
            return nil
        }
        self.secret = secret
        publicKey = key
    }

    /// A new random key; `seedFile` is what to keep, in the format that ``read(_:)`` reads.
    package static func generate(comment: String) -> (key: SigningKey, seedFile: String)? {
        guard sodium_init() >= 0 else { return nil }
        var seed = [UInt8](repeating: 0, count: 32)
        randombytes_buf(&seed, seed.count)
        guard let key = SigningKey(seed: seed) else { return nil }
        let words = "Ed25519 seed, base64; key id \(key.publicKey.id); keep it secret"
        return (key, "# \(comment); \(words)\n\(Base64.encode(seed))\n")
    }

    /// Reads a key file: `#` comments and one line of base64.
    package static func read(_ path: String) throws -> SigningKey {
        let text = String(decoding: try OpenFile.reading(path).readAll(maxBytes: KeyFile.maxBytes), as: UTF8.self)
        guard let line = KeyFile.payload(of: text), let seed = Base64.decode(line, count: 32),
            let key = SigningKey(seed: seed)
        else {
            throw RegistryError(
                .usage,
                "key_malformed",
                "\(path) is no signing key.",
                hint: "Expected # comments and one line with the base64 of a 32-byte Ed25519 seed."
            )
        }
        return key
    }

    func sign(_ message: [UInt8]) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: PublicKey.signatureByteCount)
        crypto_sign_detached(&signature, nil, message, UInt64(message.count), secret)
        return signature
    }
}

/// The text form both halves share.
enum KeyFile {
    static let maxBytes = 4096

    static func payload(of text: String) -> String? {
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }
        return lines.count == 1 ? lines.first.map(String.init) : nil
    }
}
