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

extension prax_bytes {
    /// A copy of the bytes; empty when absent.
    var copied: [UInt8] { Array(UnsafeBufferPointer(start: len > 0 ? ptr : nil, count: ptr == nil ? 0 : len)) }
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

/// Lends bytes to C for the length of `body`.
func withPraxBytes<Result>(_ bytes: [UInt8], _ body: (prax_bytes) -> Result) -> Result {
    bytes.withUnsafeBufferPointer { body(prax_bytes(ptr: $0.baseAddress, len: $0.count)) }
}

/// Lends pairs of texts to C for the length of `body`.
func withPraxPairs<Result>(
    _ pairs: [(name: String, value: String)],
    _ body: (UnsafePointer<prax_kv>?, Int) -> Result
) -> Result {
    // One buffer for all texts: pointers into it stay good however many there are.
    let texts = pairs.map { (Array($0.name.utf8), Array($0.value.utf8)) }
    var all: [UInt8] = []
    for (name, value) in texts { all += name + value }
    return (all + [0]).withUnsafeBufferPointer { memory in
        memory.withMemoryRebound(to: CChar.self) { characters in
            var at = characters.baseAddress
            let list = texts.map { name, value in
                let key = prax_str(ptr: at, len: name.count)
                at = at?.advanced(by: name.count)
                let text = prax_str(ptr: at, len: value.count)
                at = at?.advanced(by: value.count)
                return prax_kv(key: key, value: text)
            }
            return list.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
        }
    }
}

/// Lends texts to C for the length of `body`.
func withPraxStrings<Result>(_ texts: [String], _ body: (UnsafePointer<prax_str>?, Int) -> Result) -> Result {
    // One buffer for all texts: pointers into it stay good however many there are.
    var all: [UInt8] = []
    for text in texts { all += text.utf8 }
    return (all + [0]).withUnsafeBufferPointer { memory in
        memory.withMemoryRebound(to: CChar.self) { characters in
            var at = characters.baseAddress
            let list = texts.map { text in
                defer { at = at?.advanced(by: text.utf8.count) }
                return prax_str(ptr: at, len: text.utf8.count)
            }
            return list.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
        }
    }
}
