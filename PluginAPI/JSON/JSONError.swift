/// Why a text was refused as JSON.
public struct JSONError: Error, Hashable, CustomStringConvertible {
    /// What is wrong, in words that stay the same between versions.
    public enum Reason: String, Sendable {
        /// The text ended inside a value.
        case unexpectedEnd = "the text ends inside a value"
        /// A character that cannot stand there.
        case unexpectedCharacter = "unexpected character"
        /// Something follows the one value.
        case trailingData = "data after the value"
        /// A byte order mark at the start.
        case byteOrderMark = "a byte order mark is not allowed"
        /// Bytes that are not UTF-8.
        case invalidUTF8 = "invalid UTF-8"
        /// A `\u` escape of half a surrogate pair.
        case loneSurrogate = "a \\u escape names half a surrogate pair"
        /// An escape that JSON does not have.
        case invalidEscape = "invalid escape"
        /// A control character that must be escaped.
        case controlCharacter = "control characters must be escaped"
        /// Not a number as JSON writes them.
        case invalidNumber = "invalid number"
        /// One object names a member twice.
        case duplicateKey = "duplicate member name"
        /// More nesting than the limit allows.
        case tooDeep = "nested too deeply"
        /// More values than the limit allows.
        case tooManyValues = "too many values"
    }

    /// What is wrong.
    public let reason: Reason
    /// Where, in bytes from the start.
    public let offset: Int

    /// One sentence with the place.
    public var description: String { "\(reason.rawValue) at byte \(offset)" }
}

/// How much a text may ask of its reader.
public struct JSONLimits: Sendable {
    /// Arrays and objects inside one another.
    public var maxDepth: Int
    /// Values in all.
    public var maxValues: Int

    /// 128 levels and a million values unless said otherwise.
    public init(maxDepth: Int = 128, maxValues: Int = 1_000_000) {
        self.maxDepth = maxDepth
        self.maxValues = maxValues
    }
}
