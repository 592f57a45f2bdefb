import CSodium
import Core
import Foundation
import Storage

/// The installation's key under which API keys are hashed.
///
/// Without it, a stolen database lets nobody test guesses.
struct HashKey: Sendable, CustomStringConvertible, CustomReflectable {
    static let byteCount = 32

    /// The hash after the key's first block: each hash starts from a copy of it.
    private let start: crypto_auth_hmacsha256_state

    init(_ bytes: [UInt8]) throws {
        // Answers 1 when it was done before; it may be called from any thread.
        guard sodium_init() >= 0 else { throw AccessError.noCryptography }
        var state = crypto_auth_hmacsha256_state()
        crypto_auth_hmacsha256_init(&state, bytes, bytes.count)
        start = state
    }

    /// Reads the key, or makes it where none was ever used.
    ///
    /// `knownKeys` tells how many stored keys depend on it; with any, a missing file is an error.
    static func open(_ path: String, knownKeys: () throws -> Int) throws -> HashKey {
        guard sodium_init() >= 0 else { throw AccessError.noCryptography }
        if access(path, F_OK) != 0 {
            let keys = try knownKeys()
            guard keys == 0 else { throw AccessError.hashKeyMissing(path: path, keys: keys) }
            var bytes = [UInt8](repeating: 0, count: byteCount)
            randombytes_buf(&bytes, byteCount)
            // False means that another process made one at this moment: then that one counts.
            _ = try PrivateFile.write(bytes, to: path, replacing: false)
        }
        return try HashKey(read(path))
    }

    private static func read(_ path: String) throws -> [UInt8] {
        let file = Foundation.open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw AccessError.unreadable(path: path, reason: String(cString: strerror(errno))) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else {
            throw AccessError.unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        guard status.st_mode & 0o077 == 0 else {
            throw AccessError.hashKeyTooOpen(path: path, mode: String(status.st_mode & 0o777, radix: 8))
        }
        var bytes = [UInt8](repeating: 0, count: byteCount + 1)
        let count = Foundation.read(file, &bytes, bytes.count)
        guard count == byteCount, status.st_size == byteCount else {
            throw AccessError.hashKeyDamaged(path: path, bytes: Int(status.st_size))
        }
        return Array(bytes.prefix(byteCount))
    }

    func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> KeyHash {
        var state = start
        crypto_auth_hmacsha256_update(&state, bytes.baseAddress, UInt64(bytes.count))
        var hash = KeyHash()
        withUnsafeMutableBytes(of: &hash.words) { output in
            output.withMemoryRebound(to: UInt8.self) { bytes in
                guard let start = bytes.baseAddress else { return }
                crypto_auth_hmacsha256_final(&state, start)
            }
        }
        return hash
    }

    func hash(_ text: String) -> KeyHash {
        var text = text
        return text.withUTF8 { hash($0) }
    }

    var description: String { "<redacted>" }
    var customMirror: Mirror { Mirror(self, children: []) }
}

/// The 32 bytes of an HMAC-SHA256, without a heap allocation.
struct KeyHash: Sendable {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    init() {}

    init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
    }

    var bytes: [UInt8] { withUnsafeBytes(of: words) { Array($0) } }

    /// Compares in a time that does not depend on where the two differ.
    func matches(_ other: KeyHash) -> Bool {
        withUnsafeBytes(of: words) { own in
            withUnsafeBytes(of: other.words) { sodium_memcmp(own.baseAddress, $0.baseAddress, own.count) == 0 }
        }
    }
}
