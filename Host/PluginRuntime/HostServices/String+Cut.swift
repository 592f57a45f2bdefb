extension String {
    /// The longest beginning of at most `maxBytes` bytes of UTF-8 that ends with a whole scalar.
    ///
    /// A single character may be of any length: cutting by characters bounds nothing.
    package func cut(toBytes maxBytes: Int) -> String {
        guard utf8.count > maxBytes else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: maxBytes)
        while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
