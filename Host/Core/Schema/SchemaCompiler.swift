import PraximousJSON

/// Turns a schema into nodes that refer to each other by position; node 0 is the document.
struct SchemaCompiler {
    private let document: JSON
    private let limits: JSONSchema.Limits
    private var nodes: [SchemaNode?] = []
    /// Positions of schemas that a `$ref` led to, by its pointer.
    private var referenced: [String: Int] = [:]

    init(document: JSON, limits: JSONSchema.Limits) {
        self.document = document
        self.limits = limits
    }

    mutating func compileDocument() throws(SchemaError) -> [SchemaNode] {
        nodes = [nil]
        referenced["#"] = 0
        nodes[0] = try node(for: document, at: [])
        let compiled = nodes.compactMap { $0 }
        guard compiled.count == nodes.count else { throw SchemaError(path: [], reason: "a $ref leads nowhere") }
        try SchemaCycles.check(compiled)
        return compiled
    }

    /// The position of a compiled subschema.
    mutating func add(_ schema: JSON, at path: [JSONPathComponent]) throws(SchemaError) -> Int {
        guard path.count <= limits.maxDepth else {
            throw SchemaError(path: path, reason: "nested deeper than \(limits.maxDepth) levels")
        }
        guard nodes.count < limits.maxNodes else {
            throw SchemaError(path: path, reason: "more than \(limits.maxNodes) schemas")
        }
        let position = nodes.count
        nodes.append(nil)
        nodes[position] = try node(for: schema, at: path)
        return position
    }

    mutating func add(
        _ schemas: JSON,
        listAt path: [JSONPathComponent]
    ) throws(SchemaError) -> [Int] {
        guard let list = schemas.arrayValue, !list.isEmpty else {
            throw SchemaError(path: path, reason: "expected a list of at least one schema, found \(schemas.typeName)")
        }
        var positions: [Int] = []
        for (offset, schema) in list.enumerated() { positions.append(try add(schema, at: path + [.index(offset)])) }
        return positions
    }

    /// The position of the schema that `reference` points to inside this document.
    mutating func resolve(_ reference: String, at path: [JSONPathComponent]) throws(SchemaError) -> Int {
        if let known = referenced[reference] { return known }
        guard reference.hasPrefix("#/") else {
            throw SchemaError(
                path: path,
                reason: "$ref \(reference.quotedForMessage()) leaves the document; use \"#/$defs/NAME\""
            )
        }
        var target = document
        var targetPath: [JSONPathComponent] = []
        for token in reference.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false) {
            let name = String(token).unescapedPointerToken
            if let member = target[name] {
                target = member
                targetPath.append(.key(name))
            } else if let position = Int(name), let list = target.arrayValue, list.indices.contains(position) {
                target = list[position]
                targetPath.append(.index(position))
            } else {
                throw SchemaError(path: path, reason: "$ref \(reference.quotedForMessage()) points at nothing")
            }
        }
        guard nodes.count < limits.maxNodes else {
            throw SchemaError(path: path, reason: "more than \(limits.maxNodes) schemas")
        }
        let position = nodes.count
        nodes.append(nil)
        // Known before it is compiled: it may refer to itself.
        referenced[reference] = position
        nodes[position] = try node(for: target, at: targetPath)
        return position
    }

    private mutating func node(for schema: JSON, at path: [JSONPathComponent]) throws(SchemaError) -> SchemaNode {
        switch schema {
        case .bool(let accepts): return SchemaNode(never: !accepts)
        case .object(let members):
            var draft = SchemaNode.Draft()
            for member in members {
                try read(member, of: members, into: &draft, at: path + [.key(member.key)])
            }
            return SchemaNode(draft)
        default:
            throw SchemaError(
                path: path,
                reason: "expected a schema (an object, true or false), found \(schema.briefly)"
            )
        }
    }

    private mutating func read(
        _ member: JSONObject.Member,
        of schema: JSONObject,
        into draft: inout SchemaNode.Draft,
        at path: [JSONPathComponent]
    ) throws(SchemaError) {
        if try readValueKeyword(member, into: &draft, at: path) { return }
        if try readObjectKeyword(member, of: schema, into: &draft, at: path) { return }
        if try readArrayKeyword(member, into: &draft, at: path) { return }
        if try readCombination(member, into: &draft, at: path) { return }
        if Self.annotations.contains(member.key) || member.key.hasPrefix("x-") { return }
        if path.count == 1, Self.documentAnnotations.contains(member.key) { return }
        throw SchemaError(
            path: path,
            reason: "the keyword \(member.key.quotedForMessage()) is not supported\(Self.advice(for: member.key))"
        )
    }

    private static let annotations: Set<String> = [
        "title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly", "$comment",
        "contentEncoding", "contentMediaType",
    ]
    private static let documentAnnotations: Set<String> = ["$schema", "$id"]

    private static func advice(for keyword: String) -> String {
        switch keyword {
        case "optional": "; list the names that must be there in \"required\" instead"
        case "nullable": "; write type: [string, \"null\"]"
        case "dependencies", "dependentRequired", "dependentSchemas": "; use if/then"
        case "unevaluatedProperties", "unevaluatedItems": "; use additionalProperties or items"
        default: "; check its spelling, or prefix it with x- if it is a note"
        }
    }
}

extension String {
    /// A JSON pointer token as the name it stands for.
    fileprivate var unescapedPointerToken: String {
        guard contains("~") else { return self }
        var output = ""
        var isEscaped = false
        for scalar in unicodeScalars {
            if isEscaped {
                output.unicodeScalars.append(scalar == "1" ? "/" : scalar == "0" ? "~" : scalar)
                isEscaped = false
            } else if scalar == "~" {
                isEscaped = true
            } else {
                output.unicodeScalars.append(scalar)
            }
        }
        return output
    }
}
