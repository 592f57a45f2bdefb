import Core
import PraximousJSON

/// Makes values at random: some that a schema allows, some of any kind.
struct RandomJSON {
    private static let maxDepth = 4
    private static let maxTries = 20

    private let root: JSON

    /// `root` is where the schema's references lead to.
    init(schema root: JSON = true) { self.root = root }

    /// A value that the schema allows, or nil when none was found.
    static func valid(_ schema: JSON, using random: inout SeededGenerator) -> JSON? {
        guard let compiled = try? JSONSchema.compile(schema) else { return nil }
        let maker = RandomJSON(schema: schema)
        for _ in 0..<maxTries {
            let value = maker.value(schema, 0, &random)
            if compiled.validate(value).isEmpty { return value }
        }
        return nil
    }

    /// Any value, not deeper than `depth`.
    static func any(depth: Int = maxDepth, using random: inout SeededGenerator) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .number(number(&random))
        case 3, 4: return .string(text(0...24, &random))
        case 5:
            return .array(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in any(depth: depth - 1, using: &random) }
            )
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                object[text(0...8, &random)] = any(depth: depth - 1, using: &random)
            }
            return .object(object)
        }
    }

    /// Something large, deep, or at the edge of what a number or a text can be.
    static func edge(using random: inout SeededGenerator) -> JSON {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: .number(number(&random))
        case 1: .string(text(500...5000, &random))
        case 2: (0..<Int.random(in: 10...100, using: &random)).reduce(JSON.null) { value, _ in [value] }
        case 3: .array((0..<Int.random(in: 100...5000, using: &random)).map(JSON.integer))
        default: .string(String(repeating: "\u{1f600}", count: Int.random(in: 1...300, using: &random)))
        }
    }

    private func value(_ schema: JSON, _ depth: Int, _ random: inout SeededGenerator) -> JSON {
        guard let members = schema.objectValue, depth < 12 else { return Self.any(depth: 1, using: &random) }
        if let constant = members["const"] { return constant }
        // Words that the author documents and checks himself are the likely ones.
        for word in ["enum", "x-enum", "examples"] {
            if let choice = members[word]?.arrayValue?.randomElement(using: &random) { return choice }
        }
        if let target = members["$ref"]?.stringValue.flatMap(resolve) { return value(target, depth + 1, &random) }
        for word in ["oneOf", "anyOf"] {
            if let choice = members[word]?.arrayValue?.randomElement(using: &random) {
                return value(choice, depth + 1, &random)
            }
        }
        if let parts = members["allOf"]?.arrayValue { return value(Self.merged(members, parts), depth + 1, &random) }
        return value(ofType: type(of: members, &random), members, depth, &random)
    }

    private func value(
        ofType type: String,
        _ schema: JSONObject,
        _ depth: Int,
        _ random: inout SeededGenerator
    ) -> JSON {
        switch type {
        case "null": return .null
        case "boolean": return .bool(.random(using: &random))
        case "integer": return .integer(Int(Self.double(schema, &random, isWhole: true)))
        case "number": return .double(Self.double(schema, &random, isWhole: false))
        case "string":
            let least = schema["minLength"]?.intValue ?? 0
            return .string(Self.text(least...min(schema["maxLength"]?.intValue ?? least + 40, least + 40), &random))
        case "array":
            let least = schema["minItems"]?.intValue ?? 0
            let most = max(least, min(schema["maxItems"]?.intValue ?? least + 3, least + 3))
            return .array(
                (0..<Int.random(in: least...most, using: &random)).map { _ in
                    value(schema["items"] ?? true, depth + 1, &random)
                }
            )
        case "object": return object(schema, depth, &random)
        default: return Self.any(depth: 2, using: &random)
        }
    }

    private func object(_ schema: JSONObject, _ depth: Int, _ random: inout SeededGenerator) -> JSON {
        var object = JSONObject()
        let required = Set(schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? [])
        for property in schema["properties"]?.objectValue ?? [:]
        where required.contains(property.key) || random.chance(60) {
            object[property.key] = value(property.value, depth + 1, &random)
        }
        for name in required.sorted() where object[name] == nil { object[name] = Self.any(depth: 1, using: &random) }
        return .object(object)
    }

    private func type(of schema: JSONObject, _ random: inout SeededGenerator) -> String {
        if let name = schema["type"]?.stringValue { return name }
        if let name = schema["type"]?.arrayValue?.randomElement(using: &random)?.stringValue { return name }
        if schema["properties"] != nil || schema["required"] != nil { return "object" }
        return schema["items"] != nil ? "array" : "any"
    }

    /// The value at `#/a/b`.
    private func resolve(_ reference: String) -> JSON? {
        guard reference.hasPrefix("#") else { return nil }
        return reference.dropFirst().split(separator: "/").reduce(Optional(root)) { value, part in
            value?[String(part).replacing("~1", with: "/").replacing("~0", with: "~")]
        }
    }

    private static func merged(_ schema: JSONObject, _ parts: [JSON]) -> JSON {
        var all = schema
        all["allOf"] = nil
        for part in parts {
            for member in part.objectValue ?? [:] where all[member.key] == nil { all[member.key] = member.value }
        }
        return .object(all)
    }

    private static func double(_ schema: JSONObject, _ random: inout SeededGenerator, isWhole: Bool) -> Double {
        let low = schema["minimum"]?.doubleValue ?? schema["exclusiveMinimum"]?.doubleValue.map { $0 + 1 }
        let high = schema["maximum"]?.doubleValue ?? schema["exclusiveMaximum"]?.doubleValue.map { $0 - 1 }
        let least = max(low ?? high.map { min($0, 0) - 100 } ?? -100, -9e15)
        let most = max(least, min(high ?? least + 200, 9e15))
        let value = Double.random(in: least...most, using: &random)
        return isWhole ? min(value.rounded(), most.rounded(.down)) : value
    }

    private static func number(_ random: inout SeededGenerator) -> JSONNumber {
        let edges = ["0", "-0", "1", "-1", "1e308", "5e-324", "9223372036854775808", "0.1", "123456789.5"]
        return edges.randomElement(using: &random).flatMap { JSONNumber($0) } ?? JSONNumber(0)
    }

    /// Words, spaces and what is easily got wrong: quotes, NUL, accents, emoji.
    static func text(_ length: ClosedRange<Int>, _ random: inout SeededGenerator) -> String {
        let pieces = ["a", "B", "7", " ", "-", ".", ",", "\"", "\\", "/", "\n", "\t", "\u{0}", "é", "ß", "Ω", "漢", "😀"]
        let count = Int.random(in: length, using: &random)
        return (0..<count).map { _ in
            // Mostly plain, so that it is not all noise.
            pieces[Int.random(in: 0..<(random.chance(70) ? 7 : pieces.count), using: &random)]
        }.joined()
    }
}
