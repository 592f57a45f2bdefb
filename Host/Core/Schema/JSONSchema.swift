package import PraximousJSON

/// A JSON Schema (a subset of 2020-12) compiled once and asked often.
///
/// An unknown keyword is an error: a constraint skipped in silence is a check its author believes in and nobody makes.
/// A valid value is checked without building paths or messages.
package struct JSONSchema: Sendable {
    /// How much a schema may ask of the host.
    package struct Limits: Sendable {
        /// Schemas inside one another as written.
        package var maxDepth = 64
        package var maxNodes = 10_000
        /// Violations reported of one value.
        package var maxViolations = 20
        /// Schemas inside one another while a value is checked.
        package var maxEvaluationDepth = 400
        /// Checks of a schema against a (part of a) value: references can multiply them without bound.
        package var maxEvaluations = 2_000_000

        package init() {}
    }

    let nodes: [SchemaNode]
    let limits: Limits

    /// The schema ready to be asked.
    ///
    /// Throws ``SchemaError`` with the place of the first thing that is not understood.
    package static func compile(_ schema: JSON, limits: Limits = Limits()) throws(SchemaError) -> JSONSchema {
        var compiler = SchemaCompiler(document: schema, limits: limits)
        return JSONSchema(nodes: try compiler.compileDocument(), limits: limits)
    }

    /// What is wrong with the value; nothing when it is valid.
    package func validate(_ value: JSON) -> [SchemaViolation] {
        var evaluation = SchemaEvaluation(nodes: nodes, limits: limits)
        if evaluation.isValid(value) { return [] }
        return evaluation.violations(of: value)
    }
}

/// One step into a value: a member's name or an element's position.
package enum JSONPathComponent: Sendable, Hashable, CustomStringConvertible {
    case key(String)
    case index(Int)

    package var description: String {
        switch self {
        case .key(let name): name
        case .index(let position): String(position)
        }
    }

    /// The step as it stands in an error's `loc`.
    package var json: JSON {
        switch self {
        case .key(let name): .string(name)
        case .index(let position): .integer(position)
        }
    }
}

/// One thing wrong with a value.
package struct SchemaViolation: Sendable, Hashable, CustomStringConvertible {
    package var path: [JSONPathComponent]
    /// The keyword that was not satisfied, such as `minLength`.
    package let keyword: String
    /// The machine word for it, such as `string_too_short`.
    package let type: String
    package let message: String
    /// The schema author's own words (`errorMessage`), which replace the message.
    package var override: String?

    package init(
        path: [JSONPathComponent],
        keyword: String,
        type: String,
        message: String,
        override: String? = nil
    ) {
        self.path = path
        self.keyword = keyword
        self.type = type
        self.message = message
        self.override = override
    }

    package var description: String {
        let place = path.map(\.description).joined(separator: ".")
        return place.isEmpty ? override ?? message : "\(place): \(override ?? message)"
    }
}

/// Why a schema was refused.
package struct SchemaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where in the schema.
    package let path: [JSONPathComponent]
    package let reason: String

    package var description: String {
        "schema at /\(path.map(\.description).joined(separator: "/")): \(reason)"
    }
}
