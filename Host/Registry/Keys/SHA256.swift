import CNettle

/// A SHA-256 digest.
package struct SHA256Digest: Sendable, Hashable, CustomStringConvertible {
    package let bytes: [UInt8]

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// 64 lower-case hexadecimal digits, or nil.
    package init?(hex: String) {
        let digits = Array(hex.utf8)
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for position in stride(from: 0, to: 64, by: 2) {
            guard let high = Self.value(digits[position]), let low = Self.value(digits[position + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    package var hex: String { bytes.hexText }
    package var description: String { hex }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

extension SHA256Digest {
    /// Digests what is fed to it piece by piece.
    ///
    /// By Nettle and not by libsodium, which leaves the processor's own SHA-256 unused and takes four times as long.
    struct Hasher {
        private var state = sha256_ctx()

        init() { nettle_sha256_init(&state) }

        mutating func update(_ bytes: UnsafeRawBufferPointer) {
            bytes.withMemoryRebound(to: UInt8.self) { nettle_sha256_update(&state, $0.count, $0.baseAddress) }
        }

        mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

        mutating func finish() -> SHA256Digest {
            var bytes = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_SIZE))
            prax_sha256_finish(&state, &bytes)
            return SHA256Digest(bytes: bytes)
        }
    }

    package init(of bytes: [UInt8]) {
        var hasher = Hasher()
        hasher.update(bytes)
        self = hasher.finish()
    }

    private static let pieceBytes = 64 << 10

    /// The digest of a regular file, read piece by piece.
    package static func ofFile(_ path: String) throws -> SHA256Digest { try ofFile(OpenFile.reading(path)).digest }

    /// The digest of a whole file and its length.
    static func ofFile(_ file: OpenFile) throws -> (digest: SHA256Digest, size: Int) {
        var hasher = Hasher()
        var offset = 0
        while true {
            let piece = try file.read(at: offset, count: pieceBytes)
            if piece.isEmpty { return (hasher.finish(), offset) }
            hasher.update(piece)
            offset += piece.count
        }
    }
}

extension [UInt8] {
    var hexText: String {
        let digits = Array<UInt8>("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in self {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
