/// One JSON value (RFC 8259), as the host and the Swift plugins hold it.
///
/// Why not Foundation's: a plugin that links Foundation statically weighs 58–70 MB, JSONSerialization rounds large
/// integers, lets duplicate members pass and takes 170 µs to write 1 kB. Here a number keeps the text it was written
/// with, an object keeps the order of its members, and whatever is ambiguous is refused.
public enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSON])
    case object(JSONObject)

    /// A number from an integer.
    public static func integer(_ value: Int) -> JSON { .number(JSONNumber(value)) }

    /// A number from a double; `null` when it is not finite, since JSON has no word for that.
    public static func double(_ value: Double) -> JSON { JSONNumber(value).map(JSON.number) ?? .null }
}

extension JSON {
    /// The text, when this is a string.
    public var stringValue: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The truth value, when this is a boolean.
    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The integer, when this is a number without fraction or exponent that fits.
    public var intValue: Int? {
        if case .number(let number) = self { number.intValue } else { nil }
    }

    /// The nearest double, when this is a number.
    public var doubleValue: Double? {
        if case .number(let number) = self { number.doubleValue } else { nil }
    }

    /// The elements, when this is an array.
    public var arrayValue: [JSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members, when this is an object.
    public var objectValue: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }

    /// The member of that name; nil when this is not an object or has none.
    public subscript(_ key: String) -> JSON? { objectValue?[key] }

    /// The word JSON Schema uses for this kind of value.
    public var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .number(let number): number.isInteger ? "integer" : "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// An integer.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// `true` or `false`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// `null`.
    public init(nilLiteral: ()) { self = .null }
    /// An array.
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    /// An object with its members in the order written; of two equal names the last one stays.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        var object = JSONObject()
        for (key, value) in elements { object[key] = value }
        self = .object(object)
    }
}
