import PraximousJSON

/// The words of violations: Pydantic's where it has them, since clients of the original API match on those.
enum SchemaWords {
    static func type(of node: SchemaNode) -> String {
        guard node.typeNames.count == 1 else { return "type_error" }
        if node.types.contains(.string) { return "string_type" }
        if node.types.contains(.integer) { return "int_type" }
        if node.types.contains(.number) { return "float_type" }
        if node.types.contains(.boolean) { return "bool_type" }
        if node.types.contains(.array) { return "list_type" }
        return node.types.contains(.object) ? "dict_type" : "none_required"
    }

    static func typeMessage(_ node: SchemaNode) -> String {
        if node.typeNames == ["null"] { return "Input should be None" }
        return "Input should be a valid " + list(node.typeNames.map(pythonName))
    }

    private static func pythonName(_ type: String) -> String {
        switch type {
        case "array": "list"
        case "object": "dictionary"
        default: type
        }
    }

    static func choice(_ values: [JSON]) -> String { "Input should be " + list(values.map(\.choice)) }

    static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    static func tooShort(_ kind: String, _ limit: Int, _ count: Int) -> String {
        "\(kind) should have at least \(self.count(limit, "item")) after validation, not \(count)"
    }

    static func tooLong(_ kind: String, _ limit: Int, _ count: Int) -> String {
        "\(kind) should have at most \(self.count(limit, "item")) after validation, not \(count)"
    }

    private static func list(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }
}
