import Core
import PraximousJSON

/// The form `parameters_schema` had before it was JSON Schema: parameter to `{type, description, optional: true}`.
enum ParameterMap {
    private static let types: [String: JSON] = [
        "string": "string", "str": "string", "text": "string", "integer": "integer", "int": "integer",
        "number": "number", "float": "number", "boolean": "boolean", "bool": "boolean", "array": "array",
        "list": "array", "object": "object", "dict": "object", "string_or_list": ["string", "array"],
    ]

    /// Whether each value describes a parameter.
    ///
    /// A JSON Schema has at least one key that does not.
    static func isOne(_ node: YAMLNode) -> Bool {
        guard let entries = node.entries, !entries.isEmpty else { return false }
        return entries.allSatisfy { entry in
            guard case .scalar? = entry.value["type"]?.content else { return false }
            return true
        }
    }

    /// The same as JSON Schema: what is not optional and has no default is required.
    static func schema(_ node: YAMLNode, _ report: YAMLReport) -> JSON? {
        var properties = JSONObject()
        var required: [JSON] = []
        for entry in node.entries ?? [] {
            guard var parameter = entry.value.json(report)?.objectValue else { return nil }
            guard let type = parameter["type"]?.stringValue, let known = types[type.lowercased()] else {
                let found = entry.value["type"]?.briefly ?? "none"
                report.problem("expected a type such as string or integer, found \(found)", at: entry.value)
                return nil
            }
            let isOptional =
                parameter["optional"] == true || parameter["default"] != nil || parameter["required"] == false
            parameter["type"] = known
            parameter["optional"] = nil
            if parameter["required"]?.boolValue != nil { parameter["required"] = nil }
            properties[entry.key] = .object(parameter)
            if !isOptional { required.append(.string(entry.key)) }
        }
        return ["type": "object", "required": .array(required), "properties": .object(properties)]
    }
}
