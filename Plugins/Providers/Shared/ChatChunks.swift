internal import Glibc
package import PraximousJSON

/// Writes the chunks and the completion of one answer in OpenAI's form, for vendors who have another.
package struct ChatChunks: Sendable {
    package let id: String
    /// Seconds since 1970.
    package let created: Int
    package let model: String

    package init(id: String? = nil, created: Int? = nil, model: String) {
        self.id = id ?? Self.newID("chatcmpl-")
        self.created = created ?? time(nil)
        self.model = model
    }

    /// A name that no other answer has.
    package static func newID(_ prefix: String) -> String {
        let bits = [UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max)]
        return prefix + bits.map { String($0, radix: 36) }.joined()
    }

    /// A chunk with something new of the only choice.
    package func chunk(_ delta: JSON, finishReason: String? = nil) -> [UInt8] {
        var bytes = opening("chat.completion.chunk")
        bytes += #","choices":[{"index":0,"delta":"#.utf8
        delta.write(to: &bytes)
        bytes += #","finish_reason":"#.utf8
        (finishReason.map(JSON.string) ?? .null).write(to: &bytes)
        bytes += "}]}".utf8
        return bytes
    }

    /// The chunk behind the last one.
    package func usageChunk(_ usage: TokenUsage) -> [UInt8] {
        var bytes = opening("chat.completion.chunk")
        bytes += #","choices":[],"usage":"#.utf8
        usage.json.write(to: &bytes)
        bytes += "}".utf8
        return bytes
    }

    /// What a streamed answer finishes with.
    package func summary(finishReason: String, usage: TokenUsage, requestID: String?) -> [UInt8] {
        var summary: JSONObject = [
            "id": .string(id), "model": .string(model), "finish_reason": .string(finishReason), "usage": usage.json,
        ]
        if let requestID { summary["x_request_id"] = .string(requestID) }
        return JSON.object(summary).encoded()
    }

    /// A whole answer with one choice.
    package func completion(message: JSON, finishReason: String, usage: TokenUsage, requestID: String?) -> [UInt8] {
        var completion = JSONObject()
        if let requestID { completion["x_request_id"] = .string(requestID) }
        completion["id"] = .string(id)
        completion["object"] = "chat.completion"
        completion["created"] = .integer(created)
        completion["model"] = .string(model)
        completion["choices"] = [
            ["index": 0, "message": message, "finish_reason": .string(finishReason)]
        ]
        completion["usage"] = usage.json
        return JSON.object(completion).encoded()
    }

    private func opening(_ object: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        bytes += #"{"id":"#.utf8
        JSON.write(id, to: &bytes)
        bytes += #","object":""#.utf8
        bytes += object.utf8
        bytes += #"","created":"#.utf8
        bytes += String(created).utf8
        bytes += #","model":"#.utf8
        JSON.write(model, to: &bytes)
        return bytes
    }
}
