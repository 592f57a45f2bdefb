import PraximousJSON

/// JSON Schema as Gemini takes it: a part of OpenAPI's, without references and without what it does not know.
enum GeminiSchema {
    private static let known: Set<String> = [
        "type", "format", "title", "description", "nullable", "enum", "maxItems", "minItems", "properties", "required",
        "minProperties", "maxProperties", "minLength", "maxLength", "pattern", "anyOf", "items", "minimum", "maximum",
        "propertyOrdering",
    ]
    /// A schema that refers to itself ends here.
    private static let maxDepth = 32

    static func translated(_ schema: JSON) -> JSON {
        translated(schema, definitions: schema["$defs"] ?? schema["definitions"] ?? [:], depth: 0)
    }

    private static func translated(_ schema: JSON, definitions: JSON, depth: Int) -> JSON {
        guard let members = schema.objectValue, depth < maxDepth else { return ["type": "object"] }
        func inner(_ schema: JSON) -> JSON { translated(schema, definitions: definitions, depth: depth + 1) }
        if let name = members["$ref"]?.stringValue?.split(separator: "/").last, let target = definitions[String(name)] {
            return inner(target)
        }
        var result = JSONObject()
        for member in members where known.contains(member.key) {
            switch member.key {
            case "properties":
                var properties = JSONObject()
                for property in member.value.objectValue ?? [:] { properties[property.key] = inner(property.value) }
                result["properties"] = .object(properties)
            case "items": result["items"] = inner(member.value)
            case "anyOf": result["anyOf"] = .array((member.value.arrayValue ?? []).map(inner))
            case "type": setType(member.value, &result)
            default: result[member.key] = member.value
            }
        }
        if let options = members["oneOf"]?.arrayValue { result["anyOf"] = .array(options.map(inner)) }
        if let value = members["const"] { result["enum"] = [value] }
        return .object(result)
    }

    /// `["string", "null"]` is a string that may be null.
    private static func setType(_ type: JSON, _ result: inout JSONObject) {
        guard let types = type.arrayValue else { return result["type"] = type }
        if types.contains("null") { result["nullable"] = true }
        let others = types.filter { $0 != "null" }
        if others.count == 1 {
            result["type"] = others[0]
        } else {
            result["anyOf"] = .array(others.map { ["type": $0] })
        }
    }
}
