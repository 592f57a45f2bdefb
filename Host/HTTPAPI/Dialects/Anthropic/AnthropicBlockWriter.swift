import NIOCore
import PraximousJSON

/// Puts the deltas of a message into blocks: each has a beginning and an end, and only one is open.
struct AnthropicBlockWriter {
    private enum Block: Equatable {
        case text
        case thinking
        /// With the index that the deltas have for the call, and its id.
        case call(index: Int, id: String)
    }

    private let wantsThinking: Bool
    private var current: Block?
    /// The number of the block that is open, or of the next one.
    private var number = 0
    private var calls = 0

    init(wantsThinking: Bool) { self.wantsThinking = wantsThinking }

    mutating func write(_ delta: JSON, to buffer: inout ByteBuffer) {
        if wantsThinking, let thinking = delta.reasoning { write(thinking: thinking, to: &buffer) }
        for item in AnthropicExtras(of: delta)?.items ?? [] {
            write(vendor: item, hasThinking: delta.reasoning != nil, to: &buffer)
        }
        for key in ["content", "refusal"] {
            if let text = delta[key]?.plainText, !text.isEmpty { write(text: text, to: &buffer) }
        }
        for call in delta["tool_calls"]?.arrayValue ?? [] { write(call: call, to: &buffer) }
    }

    mutating func close(to buffer: inout ByteBuffer) {
        guard current != nil else { return }
        buffer.writeEvent(["type": "content_block_stop", "index": .integer(number)])
        current = nil
        number += 1
    }

    private mutating func write(text: String, to buffer: inout ByteBuffer) {
        begin(.text, ["type": "text", "text": ""], to: &buffer)
        append(["type": "text_delta", "text": .string(text)], to: &buffer)
    }

    private mutating func write(thinking: String, to buffer: inout ByteBuffer) {
        begin(.thinking, ["type": "thinking", "thinking": "", "signature": ""], to: &buffer)
        append(["type": "thinking_delta", "thinking": .string(thinking)], to: &buffer)
    }

    private mutating func write(call: JSON, to buffer: inout ByteBuffer) {
        let index = call["index"]?.intValue ?? 0
        let id = call["id"]?.stringValue ?? ""
        if !isOpen(call: index, id) {
            let shown = AnthropicID.ofCall(call["id"], calls)
            calls += 1
            let block: JSON = [
                "type": "tool_use", "id": shown, "name": call["function"]?["name"] ?? "", "input": [:],
            ]
            begin(.call(index: index, id: id), block, to: &buffer)
        }
        guard let arguments = call["function"]?["arguments"]?.stringValue, !arguments.isEmpty else { return }
        append(["type": "input_json_delta", "partial_json": .string(arguments)], to: &buffer)
    }

    /// Some providers number all calls 0 and tell them apart by their ids alone.
    private func isOpen(call index: Int, _ id: String) -> Bool {
        guard case .call(index, let known)? = current else { return false }
        return id.isEmpty || id == known
    }

    /// A block or a delta of Anthropic's own.
    private mutating func write(vendor item: JSON, hasThinking: Bool, to buffer: inout ByteBuffer) {
        switch item["type"]?.stringValue {
        case "thinking":
            guard wantsThinking else { return }
            // Its text has been streamed, unless nothing of it was.
            if current != .thinking, !hasThinking, let text = item["thinking"]?.stringValue, !text.isEmpty {
                write(thinking: text, to: &buffer)
            }
            sign(item, to: &buffer)
        case "signature_delta", nil: sign(item, to: &buffer)
        case "thinking_delta":
            if wantsThinking, !hasThinking { write(thinking: item["thinking"]?.stringValue ?? "", to: &buffer) }
        case "citations_delta":
            begin(.text, ["type": "text", "text": ""], to: &buffer)
            append(item, to: &buffer)
        case "text", "text_delta", "tool_use", "input_json_delta": break
        case "redacted_thinking" where !wantsThinking: break
        default:
            close(to: &buffer)
            buffer.writeEvent(["type": "content_block_start", "index": .integer(number), "content_block": item])
            buffer.writeEvent(["type": "content_block_stop", "index": .integer(number)])
            number += 1
        }
    }

    /// The signature ends the thinking.
    private mutating func sign(_ item: JSON, to buffer: inout ByteBuffer) {
        guard let signature = item["signature"]?.stringValue, !signature.isEmpty, wantsThinking else { return }
        begin(.thinking, ["type": "thinking", "thinking": "", "signature": ""], to: &buffer)
        append(["type": "signature_delta", "signature": .string(signature)], to: &buffer)
        close(to: &buffer)
    }

    private mutating func begin(_ kind: Block, _ block: JSON, to buffer: inout ByteBuffer) {
        guard current != kind else { return }
        close(to: &buffer)
        current = kind
        buffer.writeEvent(["type": "content_block_start", "index": .integer(number), "content_block": block])
    }

    private func append(_ delta: JSON, to buffer: inout ByteBuffer) {
        buffer.writeEvent(["type": "content_block_delta", "index": .integer(number), "delta": delta])
    }
}
