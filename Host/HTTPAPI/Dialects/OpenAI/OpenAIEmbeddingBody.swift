import Core
import PraximousJSON

/// The body of `POST /v1/embeddings`.
struct OpenAIEmbeddingBody {
    /// As OpenAI has it.
    static let maxInputs = 2048

    let model: String
    let inputs: [String]
    let dimensions: Int?
    let isBase64: Bool

    /// Throws ``Failure`` of kind `invalid` that names the first member that is wrong.
    init(_ members: JSONObject) throws(Failure) {
        let check = ParameterCheck(body: members)
        model = try check.model()
        inputs = try Self.inputs(check["input"])
        dimensions = try check.integer("dimensions", in: 1...65_536)
        let format = try check.string("encoding_format") ?? "float"
        guard ["float", "base64"].contains(format) else {
            throw .invalid(
                "encoding_format",
                "\(format.quotedForMessage()). Supported values are: 'float' and 'base64'"
            )
        }
        isBase64 = format == "base64"
        _ = try check.string("user")
    }

    private static func inputs(_ value: JSON?) throws(Failure) -> [String] {
        guard let value else { throw .missing("input") }
        if let text = value.stringValue { return [try text.asInput("input")] }
        guard let elements = value.arrayValue else {
            throw .wrongType("input", "a string or an array of strings", value)
        }
        guard !elements.isEmpty else {
            throw .invalid("input", "empty array. Expected an array with minimum length 1", code: "empty_array")
        }
        guard elements.count <= maxInputs else {
            throw .invalid("input", "\(elements.count) elements are too many. Expected at most \(maxInputs)")
        }
        if elements.contains(where: { $0.intValue != nil || $0.arrayValue != nil }) {
            throw .refused(
                "'input' holds token numbers, which mean something to one model alone. Send the text instead: a string "
                    + "or an array of strings (with LangChain: check_embedding_ctx_length=False).",
                "input",
                code: "token_input_unsupported"
            )
        }
        var texts: [String] = []
        texts.reserveCapacity(elements.count)
        for (place, element) in elements.enumerated() {
            guard let text = element.stringValue else { throw .wrongType("input[\(place)]", "a string", element) }
            texts.append(try text.asInput("input[\(place)]"))
        }
        return texts
    }
}

extension String {
    fileprivate func asInput(_ path: String) throws(Failure) -> String {
        guard !isEmpty else { throw .invalid(path, "it is empty. Expected a text") }
        return self
    }
}
