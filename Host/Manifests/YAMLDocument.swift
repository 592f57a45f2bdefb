/// One YAML text, read and checked, as a tree.
///
/// libyaml turns the bytes into events: a parser for YAML is large, and this one has been in use everywhere for
/// fifteen years. Only its events are used: what they may build is decided here.
package struct YAMLDocument: Sendable {
    /// The name of the text in messages.
    package let source: String
    package let root: YAMLNode

    /// The one document in the bytes.
    ///
    /// Throws ``YAMLError`` for what is not YAML and for what is not safe: several documents, tags, duplicate keys,
    /// keys that are no scalars, and whatever exceeds the limits.
    package static func parse(
        _ bytes: [UInt8],
        source: String,
        limits: YAMLLimits = YAMLLimits()
    ) throws(YAMLError) -> YAMLDocument {
        try YAMLText.check(bytes, source: source, limits: limits)
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<YAMLNode, YAMLError> in
            Result { () throws(YAMLError) in
                let events = try YAMLEvents(buffer, source: source)
                var builder = YAMLBuilder(events: events, source: source, limits: limits)
                return try builder.buildDocument()
            }
        }
        return YAMLDocument(source: source, root: try result.get())
    }
}

/// What is refused before the parser sees a byte.
enum YAMLText {
    static func check(_ bytes: [UInt8], source: String, limits: YAMLLimits) throws(YAMLError) {
        func failure(_ message: String, line: Int = 1) -> YAMLError {
            YAMLError(source: source, line: line, column: 1, message: message)
        }
        guard bytes.count <= limits.maxBytes else {
            throw failure("expected at most \(limits.maxBytes) bytes, found \(bytes.count); shorten the file")
        }
        if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) {
            throw failure("expected UTF-8, found UTF-16; save the file as UTF-8")
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw failure("expected text, found a byte order mark; save the file as UTF-8 without it")
        }
        if let position = bytes.firstIndex(of: 0) {
            let line = line(of: position, in: bytes)
            throw failure("expected text, found a NUL byte; save the file as UTF-8", line: line)
        }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw failure("expected UTF-8, found other bytes; save the file as UTF-8", line: badLine(in: bytes))
        }
    }

    private static func line(of position: Int, in bytes: [UInt8]) -> Int {
        1 + bytes[..<position].count { $0 == 0x0A }
    }

    /// A line feed is never part of a longer sequence, so each line can be judged alone.
    private static func badLine(in bytes: [UInt8]) -> Int {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        return 1 + (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0)
    }
}
