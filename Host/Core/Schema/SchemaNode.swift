import PraximousJSON

/// One schema, compiled.
///
/// A class, so that walking the tree copies no rules; its fields never change.
final class SchemaNode: Sendable {
    /// What `true` and `{}` compile to.
    let isAlwaysValid: Bool
    let isNeverValid: Bool
    /// Empty means any type.
    let types: SchemaTypes
    /// As the author listed them, for messages.
    let typeNames: [String]
    let allowedValues: [JSON]?
    let constant: JSON?
    let strings: StringRules?
    let numbers: NumberRules?
    let objects: ObjectRules?
    let arrays: ArrayRules?
    let combination: CombinationRules?
    let messages: SchemaMessages?

    init(never: Bool) {
        isAlwaysValid = !never
        isNeverValid = never
        types = []
        typeNames = []
        allowedValues = nil
        constant = nil
        strings = nil
        numbers = nil
        objects = nil
        arrays = nil
        combination = nil
        messages = nil
    }

    init(_ draft: Draft) {
        types = draft.types
        typeNames = draft.typeNames
        allowedValues = draft.allowedValues
        constant = draft.constant
        strings = draft.strings
        numbers = draft.numbers
        objects = draft.objects
        arrays = draft.arrays
        combination = draft.combination
        messages = draft.messages
        isNeverValid = false
        isAlwaysValid =
            types.isEmpty && allowedValues == nil && constant == nil && strings == nil && numbers == nil
            && objects == nil && arrays == nil && combination == nil
    }

    /// The rules while they are being read.
    struct Draft {
        var types: SchemaTypes = []
        var typeNames: [String] = []
        var allowedValues: [JSON]?
        var constant: JSON?
        var strings: StringRules?
        var numbers: NumberRules?
        var objects: ObjectRules?
        var arrays: ArrayRules?
        var combination: CombinationRules?
        var messages: SchemaMessages?
    }
}

struct SchemaTypes: OptionSet, Sendable {
    let rawValue: UInt8
    static let null = SchemaTypes(rawValue: 1)
    static let boolean = SchemaTypes(rawValue: 2)
    static let integer = SchemaTypes(rawValue: 4)
    /// A number that may have a fraction; holds integers too.
    static let number = SchemaTypes(rawValue: 8)
    static let string = SchemaTypes(rawValue: 16)
    static let array = SchemaTypes(rawValue: 32)
    static let object = SchemaTypes(rawValue: 64)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init?(name: String) {
        switch name {
        case "null": self = .null
        case "boolean": self = .boolean
        case "integer": self = .integer
        case "number": self = .number
        case "string": self = .string
        case "array": self = .array
        case "object": self = .object
        default: return nil
        }
    }
}

struct StringRules: Sendable {
    var minLength = 0
    var maxLength = Int.max
    var pattern: LinearPattern?
    var format: StringFormat?
}

struct NumberRules: Sendable {
    var minimum: SchemaNumber?
    var maximum: SchemaNumber?
    var exclusiveMinimum: SchemaNumber?
    var exclusiveMaximum: SchemaNumber?
    var multipleOf: SchemaNumber?
}

struct ObjectRules: Sendable {
    /// A name the schema knows.
    ///
    /// Names are few, so a scan beats hashing.
    struct Property: Sendable {
        let name: String
        let isASCII: Bool
        /// nil when the name only stands in `required`.
        let schema: Int?
        let isRequired: Bool
    }

    var properties: [Property] = []
    /// Positions in `properties`, when they are too many to scan.
    var index: [String: Int] = [:]
    var requiredCount = 0
    var patterns: [(pattern: LinearPattern, schema: Int)] = []
    var additional: Int?
    var names: Int?
    var minCount = 0
    var maxCount = Int.max
}

struct ArrayRules: Sendable {
    var prefix: [Int] = []
    var items: Int?
    var contains: Int?
    var minCount = 0
    var maxCount = Int.max
    var isUnique = false
}

struct CombinationRules: Sendable {
    var reference: Int?
    var allOf: [Int] = []
    var anyOf: [Int] = []
    var oneOf: [Int] = []
    var not: Int?
    var condition: Int?
    var then: Int?
    var otherwise: Int?

    /// Every schema that is asked about the same value.
    var inPlace: [Int] {
        [reference, not, condition, then, otherwise].compactMap { $0 } + allOf + anyOf + oneOf
    }
}

/// What `errorMessage` says (the ajv-errors convention).
struct SchemaMessages: Sendable {
    /// For whatever fails in this schema or below it.
    var any: String?
    var byKeyword: [String: String] = [:]
    /// `required` by the name that is missing.
    var byMissing: [String: String] = [:]
    /// `properties` by the member that is wrong.
    var byProperty: [String: String] = [:]

    /// `inside` is the path from the schema's value to the violation, last step first.
    func text(keyword: String, inside path: [JSONPathComponent]) -> String? {
        if path.isEmpty { return byKeyword[keyword] ?? any }
        guard case .key(let name)? = path.last else { return any }
        if keyword == "required", path.count == 1 { return byMissing[name] ?? byKeyword["required"] ?? any }
        if keyword == "additionalProperties", path.count == 1 { return byKeyword["additionalProperties"] ?? any }
        return byProperty[name] ?? any
    }
}
