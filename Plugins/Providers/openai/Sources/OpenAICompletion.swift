import PraximousJSON
import PraximousPlugin
import ProviderKit

/// A whole answer, which passes as it is.
enum OpenAICompletion {
    /// The bytes of the answer, with the vendor's name for the request in front, and with a guess of its tokens where the
    /// server counts none.
    ///
    /// - Throws: When it is no completion.
    static func passed(_ body: [UInt8], _ head: UpstreamHead, promptBytes: Int) throws(SkillFailure) -> [UInt8] {
        guard let members = ObjectMembers(body) else {
            throw .badAnswer("sent \(head.contentType.quoted) that is not a JSON object", head)
        }
        guard case .some(.array(let choices)) = members.value("choices"), !choices.isEmpty else {
            if let error = members.value("error").flatMap({ VendorError(["error": $0]) }) {
                throw .event(error, head, secret: "")
            }
            throw .badAnswer("sent a completion without choices", head)
        }
        var values: [(name: StaticString, value: [UInt8])] = []
        if let requestID = head.requestID { values.append(("x_request_id", JSON.string(requestID).encoded())) }
        if members.value("usage")?.objectValue == nil {
            let bytes = choices.reduce(0) { $0 + ($1["message"].map { $0.encoded().count } ?? 0) }
            let guess = TokenUsage.estimated(promptBytes: promptBytes, completionBytes: bytes)
            values.append(("usage", guess.json.encoded()))
        }
        return values.isEmpty ? body : members.replacing(values)
    }
}
