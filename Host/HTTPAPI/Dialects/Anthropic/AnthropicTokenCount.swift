import Core
import PraximousJSON

/// An estimate of the input tokens of a request for a message: a quarter of the bytes of its texts, schemas and calls,
/// rounded up, and some for each message and picture.
///
/// Only the provider has the tokenizer of its model, and it may not be asked yet which one answers.
struct AnthropicTokenCount {
    /// What Anthropic names for a picture of 1 megapixel, about the largest that is not scaled down.
    private static let tokensOfPicture = 1600
    private static let tokensOfMessage = 4
    private static let bytesOfToken = 4

    let inputTokens: Int

    /// Throws ``Failure`` as the request itself would.
    init(_ members: JSONObject) throws(Failure) {
        var members = members
        // A count needs no limit; the request that it is for does.
        if members["max_tokens"] == nil { members["max_tokens"] = 1 }
        let body = try AnthropicRequest(members).body
        var bytes = body["tools"].map { $0.encoded().count } ?? 0
        var tokens = 0
        for message in body["messages"]?.arrayValue ?? [] {
            tokens += Self.tokensOfMessage
            if let calls = message["tool_calls"] { bytes += calls.encoded().count }
            if let text = message["content"]?.stringValue { bytes += text.utf8.count }
            for part in message["content"]?.arrayValue ?? [] {
                if let text = part["text"]?.stringValue {
                    bytes += text.utf8.count
                } else {
                    tokens += Self.tokensOfPicture
                }
            }
        }
        inputTokens = tokens + (bytes + Self.bytesOfToken - 1) / Self.bytesOfToken
    }
}
