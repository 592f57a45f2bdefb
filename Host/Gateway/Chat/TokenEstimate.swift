import Core
import PraximousJSON

/// How many tokens there are where nobody has counted.
enum TokenEstimate {
    /// One for four bytes begun: near enough for English prose, and on the safe side for most other text.
    static func tokens(ofBytes bytes: Int) -> Int { (max(0, bytes) + 3) / 4 }

    /// What a request sends: the texts of its messages and tools; images and the like are not counted.
    static func input(of body: JSONObject) -> Int {
        let messages = body["messages"]?.arrayValue ?? []
        let bytes = messages.reduce(body["tools"]?.textBytes ?? 0) { $0 + textBytes(of: $1) }
        return tokens(ofBytes: bytes) + 4 * messages.count
    }

    private static func textBytes(of message: JSON) -> Int {
        guard let parts = message["content"]?.arrayValue else {
            return (message["content"]?.textBytes ?? 0) + (message["tool_calls"]?.textBytes ?? 0)
        }
        return parts.reduce(0) { $0 + ($1["text"]?.textBytes ?? 0) }
    }
}
