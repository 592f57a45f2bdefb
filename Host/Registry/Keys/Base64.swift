import CSodium

/// Base64 with padding (RFC 4648, section 4), strict: one spelling for each value.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String {
        let capacity = sodium_base64_encoded_len(bytes.count, Int32(sodium_base64_VARIANT_ORIGINAL))
        let text = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            buffer.withMemoryRebound(to: CChar.self) { text in
                guard let start = text.baseAddress else { return }
                let variant = Int32(sodium_base64_VARIANT_ORIGINAL)
                _ = sodium_bin2base64(start, capacity, bytes, bytes.count, variant)
            }
            // libsodium ends the text with a NUL.
            count = capacity - 1
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Exactly `count` bytes, or nil.
    static func decode(_ text: String, count: Int) -> [UInt8]? {
        let source = Array(text.utf8)
        var bytes = [UInt8](repeating: 0, count: count)
        var written = 0
        let status = source.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { text in
                sodium_base642bin(
                    &bytes,
                    count,
                    text.baseAddress,
                    text.count,
                    nil,
                    &written,
                    nil,
                    Int32(sodium_base64_VARIANT_ORIGINAL)
                )
            }
        }
        return status == 0 && written == count ? bytes : nil
    }
}
