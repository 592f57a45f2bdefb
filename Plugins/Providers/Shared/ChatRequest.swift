package import PraximousJSON
package import PraximousPlugin

/// A chat completions request, read for vendors who want it otherwise.
package struct ChatRequest: Sendable {
    package let body: JSONObject
    package let model: String
    package let messages: [JSON]
    package let isStreaming: Bool
    /// How long the request is, to guess its tokens by.
    package let byteCount: Int

    /// One JSON object; `defaultModel` is asked when it names none.
    package init(_ bytes: [UInt8], defaultModel: String) throws(SkillFailure) {
        guard let json = try? JSON.parse(bytes), let body = json.objectValue else {
            throw .badRequest("The request is not a JSON object.")
        }
        guard let messages = body["messages"]?.arrayValue, !messages.isEmpty else {
            throw .badRequest("messages: expected a list with a message at least, found none.")
        }
        self.body = body
        self.messages = messages
        model = body["model"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } ?? defaultModel
        isStreaming = body["stream"] == true
        byteCount = bytes.count
        guard !model.isEmpty else { throw .noModel }
    }

    /// A member that is there and not null.
    package subscript(_ name: String) -> JSON? {
        guard let value = body[name], value != .null else { return Optional.none }
        return value
    }

    /// The most tokens of the answer, under its new or its old name.
    package var maxTokens: Int? { (self["max_completion_tokens"] ?? self["max_tokens"])?.intValue }

    /// Throws when more than one answer is asked of a vendor who gives one.
    package func checkSingleChoice() throws(SkillFailure) {
        guard let count = self["n"]?.intValue, count != 1 else { return }
        throw .badRequest("n: expected 1, found \(count); this provider gives one answer.")
    }

    /// The vendor's own members that came with the request, by the vendor's name.
    package func extras(_ vendor: String) -> JSONObject { self["praximous"]?[vendor]?.objectValue ?? JSONObject() }

    /// The texts that end the answer.
    package var stops: [String] {
        guard let stop = self["stop"] else { return [] }
        return stop.stringValue.map { [$0] } ?? (stop.arrayValue ?? []).compactMap(\.stringValue)
    }

    /// The functions offered, each with `name`, `description`, `parameters`.
    package var functions: [JSON] {
        (self["tools"]?.arrayValue ?? []).compactMap { $0["function"] }
    }

    /// The schema that the answer is to fit, when one is asked for.
    package var schema: JSON? {
        guard self["response_format"]?["type"] == "json_schema" else { return Optional.none }
        return self["response_format"]?["json_schema"]?["schema"]
    }

    /// Whether the answer is to be a JSON object of any kind.
    package var wantsJSON: Bool { self["response_format"]?["type"] == "json_object" }
}

/// What a message may carry, one part after the other.
package enum ContentPart: Sendable, Hashable {
    case text(String)
    /// An image's bytes in base64.
    case image(mediaType: String, base64: String)
    case imageURL(String)
    /// A file's bytes in base64.
    case file(mediaType: String, base64: String)
    /// Something this code does not know.
    case other(JSON)

    /// The parts of a message's `content`, a text or a list; nothing when it is null.
    package static func parts(of content: JSON?) -> [ContentPart] {
        switch content {
        case .some(.string(let text)): [.text(text)]
        case .some(.array(let parts)): parts.map(part)
        default: []
        }
    }

    /// The texts alone, put together.
    package static func text(of content: JSON?) -> String {
        parts(of: content).map { part in if case .text(let text) = part { text } else { "" } }.joined()
    }

    private static func part(_ json: JSON) -> ContentPart {
        if let text = json["text"]?.stringValue { return .text(text) }
        if json["type"] == "image_url", let url = (json["image_url"]?["url"] ?? json["image_url"])?.stringValue {
            guard let (mediaType, base64) = dataURL(url) else { return .imageURL(url) }
            return .image(mediaType: mediaType, base64: base64)
        }
        if json["type"] == "file", let (type, base64) = json["file"]?["file_data"]?.stringValue.flatMap(dataURL) {
            return .file(mediaType: type, base64: base64)
        }
        return .other(json)
    }

    /// The parts of `data:image/png;base64,…` (RFC 2397); nil for any other URL.
    private static func dataURL(_ url: String) -> (mediaType: String, base64: String)? {
        guard url.hasPrefix("data:"), let comma = url.firstIndex(of: ",") else { return nil }
        let words = url[..<comma].dropFirst(5).split(separator: ";", omittingEmptySubsequences: false)
        guard words.last == "base64" else { return nil }
        return (String(words.first ?? ""), String(url[url.index(after: comma)...]))
    }
}

extension SkillFailure {
    /// A request that no vendor has seen.
    package static func badRequest(_ message: String) -> SkillFailure {
        SkillFailure(message, status: .invalid, code: "invalid_request")
    }

    package static var noModel: SkillFailure {
        .badRequest("model: expected a name, found none, and the provider has no default.")
    }
}
