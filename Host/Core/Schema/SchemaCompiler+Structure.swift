import PraximousJSON

extension SchemaCompiler {
    /// Reads a keyword about objects; returns whether it was one.
    mutating func readObjectKeyword(
        _ member: JSONObject.Member,
        of schema: JSONObject,
        into draft: inout SchemaNode.Draft,
        at path: [JSONPathComponent]
    ) throws(SchemaError) -> Bool {
        var rules = draft.objects ?? ObjectRules()
        switch member.key {
        case "properties", "required":
            // The two are read together, by whichever comes last.
            guard member.key == schema.keys.last(where: { $0 == "properties" || $0 == "required" }) else { return true }
            try readProperties(of: schema, into: &rules, at: Array(path.dropLast()))
        case "additionalProperties": rules.additional = try add(member.value, at: path)
        case "propertyNames": rules.names = try add(member.value, at: path)
        case "minProperties": rules.minCount = try count(member.value, at: path)
        case "maxProperties": rules.maxCount = try count(member.value, at: path)
        case "patternProperties":
            for entry in try object(member.value, at: path) {
                let place = path + [.key(entry.key)]
                rules.patterns.append((try pattern(.string(entry.key), at: place), try add(entry.value, at: place)))
            }
        default: return false
        }
        draft.objects = rules
        return true
    }

    private mutating func readProperties(
        of schema: JSONObject,
        into rules: inout ObjectRules,
        at path: [JSONPathComponent]
    ) throws(SchemaError) {
        let place = path + [.key("required")]
        var required: [String] = []
        if let list = schema["required"] {
            required = (list.arrayValue ?? []).compactMap(\.stringValue)
            guard required.count == list.arrayValue?.count, Set(required).count == required.count else {
                throw SchemaError(path: place, reason: "expected a list of different names")
            }
        }
        var undeclared = Set(required)
        let needed = undeclared
        for entry in try object(schema["properties"] ?? [:], at: path + [.key("properties")]) {
            let position = try add(entry.value, at: path + [.key("properties"), .key(entry.key)])
            rules.append(entry.key, schema: position, isRequired: needed.contains(entry.key))
            undeclared.remove(entry.key)
        }
        for name in required where undeclared.contains(name) { rules.append(name, schema: nil, isRequired: true) }
        rules.requiredCount = required.count
    }

    /// Reads a keyword about arrays; returns whether it was one.
    mutating func readArrayKeyword(
        _ member: JSONObject.Member,
        into draft: inout SchemaNode.Draft,
        at path: [JSONPathComponent]
    ) throws(SchemaError) -> Bool {
        var rules = draft.arrays ?? ArrayRules()
        switch member.key {
        case "items":
            guard member.value.arrayValue == nil else {
                throw SchemaError(path: path, reason: "a list of schemas is written as prefixItems")
            }
            rules.items = try add(member.value, at: path)
        case "prefixItems": rules.prefix = try add(member.value, listAt: path)
        case "contains": rules.contains = try add(member.value, at: path)
        case "minItems": rules.minCount = try count(member.value, at: path)
        case "maxItems": rules.maxCount = try count(member.value, at: path)
        case "uniqueItems":
            guard let isUnique = member.value.boolValue else {
                throw SchemaError(path: path, reason: "expected true or false")
            }
            rules.isUnique = isUnique
        default: return false
        }
        draft.arrays = rules
        return true
    }

    /// Reads a keyword that asks other schemas about the same value; returns whether it was one.
    mutating func readCombination(
        _ member: JSONObject.Member,
        into draft: inout SchemaNode.Draft,
        at path: [JSONPathComponent]
    ) throws(SchemaError) -> Bool {
        var rules = draft.combination ?? CombinationRules()
        switch member.key {
        case "$ref":
            guard let reference = member.value.stringValue else {
                throw SchemaError(path: path, reason: "expected a text such as \"#/$defs/NAME\"")
            }
            rules.reference = try resolve(reference, at: path)
        case "$defs", "definitions":
            for entry in try object(member.value, at: path) { _ = try add(entry.value, at: path + [.key(entry.key)]) }
            return true
        case "allOf": rules.allOf = try add(member.value, listAt: path)
        case "anyOf": rules.anyOf = try add(member.value, listAt: path)
        case "oneOf": rules.oneOf = try add(member.value, listAt: path)
        case "not": rules.not = try add(member.value, at: path)
        case "if": rules.condition = try add(member.value, at: path)
        case "then": rules.then = try add(member.value, at: path)
        case "else": rules.otherwise = try add(member.value, at: path)
        default: return false
        }
        draft.combination = rules
        return true
    }

    private func object(_ value: JSON, at path: [JSONPathComponent]) throws(SchemaError) -> JSONObject {
        guard let members = value.objectValue else {
            throw SchemaError(path: path, reason: "expected an object of schemas, found \(value.typeName)")
        }
        return members
    }
}

extension ObjectRules {
    private static let scanLimit = 12

    mutating func append(_ name: String, schema: Int?, isRequired: Bool) {
        let isASCII = name.utf8.allSatisfy { $0 < 0x80 }
        properties.append(Property(name: name, isASCII: isASCII, schema: schema, isRequired: isRequired))
        guard properties.count > Self.scanLimit else { return }
        if index.isEmpty {
            for (position, property) in properties.enumerated() { index[property.name] = position }
        } else {
            index[name] = properties.count - 1
        }
    }

    func property(named name: String) -> Property? {
        if !index.isEmpty {
            guard let position = index[name], name.hasSameBytes(as: properties[position].name) else { return nil }
            return properties[position]
        }
        for property in properties where name.hasSameBytes(as: property.name, isASCII: property.isASCII) {
            return property
        }
        return nil
    }
}

/// Schemas that refer to themselves about the same value would never come to an end.
enum SchemaCycles {
    static func check(_ nodes: [SchemaNode]) throws(SchemaError) {
        /// 0 unseen, 1 on the path, 2 done.
        var states = [UInt8](repeating: 0, count: nodes.count)
        for start in nodes.indices where states[start] == 0 {
            var path: [(node: Int, rest: [Int])] = [(start, nodes[start].combination?.inPlace ?? [])]
            states[start] = 1
            while let next = path.indices.last {
                guard let child = path[next].rest.popLast() else {
                    states[path[next].node] = 2
                    path.removeLast()
                    continue
                }
                if states[child] == 1 {
                    throw SchemaError(path: [], reason: "a $ref leads back to itself without going into the value")
                }
                guard states[child] == 0 else { continue }
                states[child] = 1
                path.append((child, nodes[child].combination?.inPlace ?? []))
            }
        }
    }
}
