import Core
import Gateway
import HTTPTypes
import NIOCore
import PraximousJSON

/// A streamed answer as Anthropic's API gives it: named events, from `message_start` over the blocks, one after the other,
/// to `message_delta` and `message_stop`.
struct AnthropicStreamWriter: ChatStreamWriter {
    static let heartbeat = ByteBuffer(string: "event: ping\ndata: {\"type\":\"ping\"}\n\n")

    private let requestID: String
    private let model: String
    private var blocks: AnthropicBlockWriter
    private var hasStarted = false
    private var finishReason: String?
    private var usage: JSON?
    private var vendor: AnthropicExtras?

    /// `model` is what the client asked for, should no chunk name one.
    init(requestID: String, model: String, wantsThinking: Bool) {
        self.requestID = requestID
        self.model = model
        blocks = AnthropicBlockWriter(wantsThinking: wantsThinking)
    }

    mutating func write(chunk: [UInt8], to buffer: inout ByteBuffer) {
        // The plugin that sent it was to send JSON; what is none says nothing.
        guard let json = try? JSON.parse(chunk) else { return }
        if json["usage"]?.objectValue != nil { usage = json["usage"] }
        // Of several choices, which this dialect does not know, there is the first.
        let choice = json["choices"]?.arrayValue?.first { $0["index"] == nil || $0["index"]?.intValue == 0 }
        start(json, to: &buffer)
        note(AnthropicExtras(of: json))
        if let delta = choice?["delta"] {
            note(AnthropicExtras(of: delta))
            blocks.write(delta, to: &buffer)
        }
        if let reason = choice?["finish_reason"]?.stringValue { finishReason = reason }
    }

    mutating func write(end answer: ChatAnswer, to buffer: inout ByteBuffer) {
        start(.null, to: &buffer)
        blocks.close(to: &buffer)
        let ending = AnthropicEnding(finishReason: finishReason ?? answer.finishReason, vendor: vendor)
        buffer.writeEvent([
            "type": "message_delta",
            "delta": ["stop_reason": .string(ending.reason), "stop_sequence": ending.sequence],
            "usage": AnthropicUsage(usage, answer.usage, vendor: vendor).json,
        ])
        buffer.writeEvent(["type": "message_stop"])
    }

    mutating func write(failure: Failure, to buffer: inout ByteBuffer) {
        let body = AnthropicErrorBody(failure, status: failure.dialectStatus.code, requestID: requestID)
        buffer.writeEvent(body.json)
    }

    private mutating func start(_ chunk: JSON, to buffer: inout ByteBuffer) {
        guard !hasStarted else { return }
        hasStarted = true
        buffer.writeEvent([
            "type": "message_start",
            "message": [
                "id": .string(AnthropicID.of(chunk["id"])), "type": "message", "role": "assistant",
                "model": chunk["model"] ?? .string(model), "content": [], "stop_reason": .null, "stop_sequence": .null,
                "usage": AnthropicUsage(usage, nil).json,
            ],
        ])
    }

    /// What tells of the end is kept until then.
    private mutating func note(_ extras: AnthropicExtras?) {
        guard let extras, ["stop_reason", "usage"].contains(where: { extras.members[$0] != nil }) else { return }
        vendor = extras
    }
}

extension ByteBuffer {
    /// Appends one event, named by its `type`.
    mutating func writeEvent(_ json: JSON) {
        writeString("event: \(json["type"]?.stringValue ?? "error")\n")
        writeEventData(json.encoded())
    }
}
