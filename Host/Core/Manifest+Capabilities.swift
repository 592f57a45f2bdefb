package import PraximousJSON

extension Manifest {
    /// What the API tells clients about this plugin.
    ///
    /// The first three members are those of earlier versions of the API, text for text; clients that were built
    /// against them keep working.
    package var capabilities: JSON {
        var members = JSONObject()
        for operation in operations { members[operation.name] = operation.capability }
        return [
            "skill_name": .string(taskType ?? name.name),
            "description": .string(description),
            "operations": .object(members),
            "name": .string(name.description),
            "version": .string(version.description),
            "kind": .string(kind.rawValue),
        ]
    }
}

extension Manifest.Operation {
    fileprivate var capability: JSON {
        var members = JSONObject()
        members["description"] = .string(description)
        members["parameters_schema"] = .object(visibleParameters)
        members["example_request_payload"] = example?["request"] ?? [:]
        members["input_schema"] = parametersSchema
        return .object(members)
    }

    /// The parameters as people read them: without what only the validator needs.
    private var visibleParameters: JSONObject {
        var parameters = JSONObject()
        // A parameter with an empty schema is accepted and not read: clients need not hear of it.
        for member in parametersSchema["properties"]?.objectValue ?? JSONObject() where member.value != [:] {
            parameters[member.key] = visible(member.value)
        }
        return parameters
    }

    private func visible(_ parameter: JSON) -> JSON {
        guard let schema = parameter.objectValue else { return parameter }
        var members = JSONObject()
        for member in schema {
            switch member.key {
            case "errorMessage": continue
            // Values that the API documents and the skill itself checks, with an error text of its own.
            case "x-enum": members["enum"] = member.value
            // A skill may accept more than it documents; the documented type comes first, unless it is one that JSON
            // Schema has no word for.
            case "type": members["type"] = schema["x-type"] ?? member.value.arrayValue?.first ?? member.value
            case "x-type": members["type"] = member.value
            default: members[member.key] = member.value
            }
        }
        return .object(members)
    }
}
