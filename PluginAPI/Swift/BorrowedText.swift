internal import CPraximous

extension prax_str {
    static var absent: prax_str { prax_str(ptr: nil, len: 0) }

    /// The bytes, borrowed for as long as the ABI lends them.
    var bytes: UnsafeBufferPointer<UInt8> {
        guard let ptr, len > 0, let count = Int(exactly: len) else { return UnsafeBufferPointer(start: nil, count: 0) }
        return UnsafeBufferPointer(start: UnsafeRawPointer(ptr).assumingMemoryBound(to: UInt8.self), count: count)
    }

    /// A copy; what is not UTF-8 is replaced.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Splits off the front.
    mutating func removeFirst(_ count: Int) -> prax_str {
        defer { self = prax_str(ptr: ptr.map { $0 + count }, len: len - count) }
        return prax_str(ptr: ptr, len: count)
    }

    /// Text that stays for the life of the process: for the plugin's description, which the host may read at any time.
    static func immortal(_ text: String) -> prax_str {
        let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: max(text.utf8.count, 1))
        _ = copy.initialize(from: text.utf8.lazy.map { CChar(bitPattern: $0) })
        return prax_str(ptr: copy.baseAddress, len: text.utf8.count)
    }
}

/// Lends the UTF-8 of a text, present even when empty.
func withBorrowed<Result>(_ text: String, _ body: (prax_str) -> Result) -> Result {
    var text = text
    return text.withUTF8 { withBorrowed($0, body) }
}

/// Lends bytes that are known to be UTF-8, present even when there are none.
func withBorrowed<Result>(_ bytes: [UInt8], _ body: (prax_str) -> Result) -> Result {
    bytes.withUnsafeBufferPointer { withBorrowed($0, body) }
}

/// Lends bytes that are known to be UTF-8, present even when there are none.
func withBorrowed<Result>(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (prax_str) -> Result) -> Result {
    guard let start = bytes.baseAddress else {
        // {NULL, 0} would say "absent".
        var nothing: CChar = 0
        return withUnsafePointer(to: &nothing) { body(prax_str(ptr: $0, len: 0)) }
    }
    return body(prax_str(ptr: UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self), len: bytes.count))
}
