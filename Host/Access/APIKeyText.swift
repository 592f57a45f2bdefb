import Core

/// The text of an API key: `prax_<environment>_<id>_<secret><checksum>`, 72 characters.
///
/// The id is public. The checksum lets scanners find leaked keys and a typo be told from a wrong key without a look
/// into the database; it protects nothing.
enum APIKeyText {
    static let idLength = 12
    static let secretLength = 43
    static let checksumLength = 6
    static let length = "prax_live_".utf8.count + idLength + 1 + secretLength + checksumLength

    /// Composes the text of a new key; the parts come from `KeyMaker`.
    static func compose(environment: KeyEnvironment, id: String, secret: String) -> Secret {
        let body = "prax_\(environment.rawValue)_\(id)_\(secret)"
        return Secret(body + checksum(Array(body.utf8)[...]))
    }

    /// The public id of a well-formed key; nil if the text is none or its checksum is wrong.
    static func id(of bytes: UnsafeBufferPointer<UInt8>) -> String? {
        guard bytes.count == length, hasPrefix(bytes, "prax_live_") || hasPrefix(bytes, "prax_test_") else {
            return nil
        }
        let idStart = "prax_live_".utf8.count
        let id = bytes[idStart..<idStart + idLength]
        guard id.allSatisfy(Base32.isDigit), bytes[idStart + idLength] == UInt8(ascii: "_") else { return nil }
        let body = UnsafeBufferPointer(rebasing: bytes[..<(length - checksumLength)])
        guard checksumMatches(bytes[(length - checksumLength)...], of: body) else { return nil }
        return String(decoding: id, as: UTF8.self)
    }

    static func checksum(_ body: ArraySlice<UInt8>) -> String {
        String(decoding: body.withUnsafeBufferPointer { Base62.digits(of: CRC32.of($0)) }, as: UTF8.self)
    }

    private static func checksumMatches(
        _ found: Slice<UnsafeBufferPointer<UInt8>>,
        of body: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        var rest = CRC32.of(body)
        for byte in found.reversed() {
            guard byte == Base62.digit(Int(rest % 62)) else { return false }
            rest /= 62
        }
        return true
    }

    private static func hasPrefix(_ bytes: UnsafeBufferPointer<UInt8>, _ prefix: StaticString) -> Bool {
        bytes.starts(with: UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount))
    }
}

/// The digits of a key's id: lower case without 0, 1, 8, 9, so that it can be read out.
enum Base32 {
    static let digits = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "2")...UInt8(ascii: "7")).contains(byte)
    }
}

/// The digits of a key's secret and checksum.
enum Base62 {
    static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    static func digit(_ value: Int) -> UInt8 { alphabet[value % 62] }

    /// Six digits hold any 32-bit number; the most significant comes first.
    static func digits(of number: UInt32) -> [UInt8] {
        var rest = number
        var digits: [UInt8] = []
        for _ in 0..<APIKeyText.checksumLength {
            digits.append(digit(Int(rest % 62)))
            rest /= 62
        }
        return digits.reversed()
    }
}
