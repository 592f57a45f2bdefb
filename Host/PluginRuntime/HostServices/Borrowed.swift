import CPraximous

extension prax_str {
    /// The bytes, borrowed as long as whoever passed them allows; empty when absent, or of an impossible length.
    var bytes: UnsafeBufferPointer<UInt8> {
        guard let ptr, len > 0 else { return UnsafeBufferPointer(start: nil, count: 0) }
        return UnsafeBufferPointer(start: UnsafeRawPointer(ptr).assumingMemoryBound(to: UInt8.self), count: len)
    }

    /// A copy as text, bytes that are not UTF-8 replaced, cut to `maxBytes`.
    func text(maxBytes: Int = 8192) -> String { String(decoding: bytes.prefix(maxBytes), as: UTF8.self) }
}

/// Lends a text to C for the length of `body`.
func withPraxString<Result>(_ text: String, _ body: (prax_str) -> Result) -> Result {
    var text = text
    return text.withUTF8 { withPraxString($0, body) }
}

/// Lends bytes to C for the length of `body`.
func withPraxString<Result>(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (prax_str) -> Result) -> Result {
    guard let base = bytes.baseAddress else {
        // Empty, not absent: a non-null pointer with no bytes behind it.
        return withUnsafePointer(to: CChar(0)) { body(prax_str(ptr: $0, len: 0)) }
    }
    return body(prax_str(ptr: UnsafeRawPointer(base).assumingMemoryBound(to: CChar.self), len: bytes.count))
}
