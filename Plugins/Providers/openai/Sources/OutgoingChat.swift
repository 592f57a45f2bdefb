import PraximousJSON
import PraximousPlugin
import ProviderKit

/// The client's request as the server gets it: the same bytes, but for the model and for the count of a stream's tokens.
struct OutgoingChat {
    let body: [UInt8]
    let model: String
    let isStreaming: Bool
    /// How many answers are asked for.
    let choices: Int

    init(_ request: [UInt8], _ service: OpenAIService) throws(SkillFailure) {
        guard var members = ObjectMembers(request) else { throw .badRequest("The request is not a JSON object.") }
        if Self.holdsExtras(request),
            let without = (try? JSON.parse(request)).map({ Self.withoutExtras($0).encoded() }),
            let cleaned = ObjectMembers(without)
        {
            members = cleaned
        }
        var values: [(name: StaticString, value: [UInt8])] = []
        let asked = members.value("model")?.stringValue ?? ""
        model = asked.isEmpty ? service.model : asked
        guard !model.isEmpty else { throw .noModel }
        if asked.isEmpty { values.append(("model", JSON.string(model).encoded())) }
        isStreaming = members.value("stream") == true
        choices = members.value("n")?.intValue ?? 1
        if isStreaming, service.includesUsage {
            var options = members.value("stream_options")?.objectValue ?? JSONObject()
            options["include_usage"] = true
            values.append(("stream_options", JSON.object(options).encoded()))
        }
        body = values.isEmpty ? members.bytes : members.replacing(values)
    }

    /// Whether there may be members named `praximous` in it, which are no server's business.
    private static func holdsExtras(_ bytes: [UInt8]) -> Bool {
        let word = Array(#""praximous""#.utf8)
        return bytes.withUnsafeBufferPointer { bytes in
            bytes.indices.contains { position in
                bytes[position] == UInt8(ascii: "\"") && bytes.count - position >= word.count
                    && bytes[position + 1] == UInt8(ascii: "p")
                    && UnsafeBufferPointer(rebasing: bytes[position..<position + word.count]).elementsEqual(word)
            }
        }
    }

    private static func withoutExtras(_ request: JSON) -> JSON {
        guard var body = request.objectValue else { return request }
        body["praximous"] = nil
        if let messages = body["messages"]?.arrayValue {
            body["messages"] = .array(
                messages.map { message in
                    guard var members = message.objectValue else { return message }
                    members["praximous"] = nil
                    return .object(members)
                }
            )
        }
        return .object(body)
    }
}
