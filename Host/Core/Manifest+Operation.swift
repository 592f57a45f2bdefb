package import PraximousJSON

extension Manifest {
    /// One thing a plugin can be asked to do.
    package struct Operation: Sendable, Hashable {
        package var name: String
        package var title: String
        package var description: String
        /// Chosen when a request names no operation.
        package var isDefault: Bool
        package var isStreaming: Bool
        /// Whether a call that failed may be made again.
        package var isIdempotent: Bool
        /// Answers small requests in microseconds and never waits: a host may run it without a thread of its own.
        package var isQuick: Bool
        package var timeout: Duration?
        /// JSON Schema 2020-12; `true` accepts everything.
        package var parametersSchema: JSON
        package var resultSchema: JSON?
        package var example: JSON?

        package init(
            name: String,
            title: String? = nil,
            description: String = "",
            isDefault: Bool = false,
            isStreaming: Bool = false,
            isIdempotent: Bool = false,
            isQuick: Bool = false,
            timeout: Duration? = nil,
            parametersSchema: JSON = true,
            resultSchema: JSON? = nil,
            example: JSON? = nil
        ) {
            self.name = name
            self.title = title ?? name
            self.description = description
            self.isDefault = isDefault
            self.isStreaming = isStreaming
            self.isIdempotent = isIdempotent
            self.isQuick = isQuick
            self.timeout = timeout
            self.parametersSchema = parametersSchema
            self.resultSchema = resultSchema
            self.example = example
        }
    }

    /// What a request's `operation` leads to.
    package enum OperationSelection: Sendable, Hashable {
        case operation(Operation)
        /// The words of the refusal.
        case unsupported(String)
    }

    /// The operation chosen when a request names none: the one marked as default, else the first.
    package var defaultOperation: Operation? { operations.first(where: \.isDefault) ?? operations.first }

    /// The operation a request means: the one of that name, in any case of letters, else the default.
    ///
    /// A name that matches none is refused, unless the default operation has a parameter called `operation`: then
    /// the word is the skill's own business, as with `uppercase` of text_manipulation.
    package func operation(requested: String?) -> OperationSelection {
        if let requested {
            if let named = operations.first(where: { $0.name == requested }) { return .operation(named) }
            let lowered = requested.lowercased()
            if let named = operations.first(where: { $0.name == lowered }) { return .operation(named) }
        }
        guard let fallback = defaultOperation else { return .unsupported("This plugin has no operations.") }
        guard let requested, fallback.parametersSchema["properties"]?["operation"] == nil else {
            return .operation(fallback)
        }
        return .unsupported("Unsupported Operation (Details: Operation '\(requested)' is not supported.)")
    }
}
