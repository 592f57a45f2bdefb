/// A JSON number with the text it was written with, so that no digit is lost between client and plugin.
public struct JSONNumber: Sendable, Hashable {
    /// The number as written, valid by RFC 8259.
    public let text: String

    /// `text` must already be a valid JSON number.
    init(validated text: String) { self.text = text }

    /// The number that `text` spells; nil when it is not one JSON number and nothing else.
    public init?(_ text: String) {
        guard case .number(let number)? = try? JSON.parse(text), number.text == text else { return nil }
        self = number
    }

    /// An integer.
    public init(_ value: Int) { text = String(value) }

    /// The shortest text that reads back as the same double; nil when it is not finite.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        text = "\(value)"
    }

    /// Whether it was written without fraction and exponent.
    public var isInteger: Bool { !text.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") } }

    /// The value, when it is an integer that fits.
    public var intValue: Int? { Int(text) }

    /// The nearest double; infinite when it is too large.
    public var doubleValue: Double { Double(text) ?? .nan }

    /// Equal when they are the same text, or the same double and neither is an integer past 2^53 or infinite.
    public static func == (left: JSONNumber, right: JSONNumber) -> Bool {
        left.text == right.text || left.isExactEnough && right.isExactEnough && left.doubleValue == right.doubleValue
    }

    /// Whether no other number one would call different has this double.
    private var isExactEnough: Bool {
        guard isInteger else { return doubleValue.isFinite }
        return intValue.map { $0.magnitude <= 1 << 53 } ?? false
    }

    /// Equal numbers have equal doubles.
    public func hash(into hasher: inout Hasher) { hasher.combine(doubleValue) }
}
