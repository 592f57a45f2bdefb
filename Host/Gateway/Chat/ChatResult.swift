import Core
import PraximousJSON

/// What the pipeline reads in the result of a `chat` call: a whole `chat.completion`, or the end of a stream.
struct ChatResult: Sendable {
    /// Nil where the provider counted nothing, or what no request can have.
    let usage: TokenUsage?
    let finishReason: String?
    let vendorRequestID: String?
    /// The bytes of the answer's text, for an estimate; none for the end of a stream.
    let outputBytes: Int
    private let value: JSON

    init(_ bytes: [UInt8]) {
        value = (try? JSON.parse(bytes)) ?? .null
        let choices = value["choices"]?.arrayValue ?? []
        usage = value["usage"].flatMap(TokenUsage.init(openAI:))
        finishReason = value["finish_reason"]?.stringValue ?? choices.first?["finish_reason"]?.stringValue
        vendorRequestID = value["x_request_id"]?.stringValue
        outputBytes = choices.reduce(0) { $0 + ($1["message"]?.textBytes ?? 0) }
    }

    /// The result with what the host counted in place of what the provider said; nil where the result is no object.
    func counting(_ usage: TokenUsage) -> [UInt8]? {
        guard var members = value.objectValue else { return nil }
        members["usage"] = usage.openAI
        return JSON.object(members).encoded()
    }
}
