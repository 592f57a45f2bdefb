import NIOCore
import PraximousJSON

/// Puts the deltas of a message into blocks: each has a beginning and an end, and only one is open.
struct AnthropicBlockWriter {
    private enum Block: Equatable {
        case text
        case thinking
        /// One of Anthropic's own, with the number that its events have.
        case vendor(index: Int)
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
        let items = AnthropicExtras(of: delta)?.items ?? []
        for item in items { write(vendor: item, to: &buffer) }
        // The text of thinking also stands in the vendor's own event, if there is one.
        if wantsThinking, items.isEmpty, let thinking = delta.reasoning { write(thinking: thinking, to: &buffer) }
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

    /// An event of Anthropic's own, of a block that OpenAI has no word for; or such a block that is whole.
    private mutating func write(vendor item: JSON, to buffer: inout ByteBuffer) {
        let index = item["index"]?.intValue ?? 0
        switch item["type"]?.stringValue {
        case "content_block_start":
            guard let block = item["content_block"], isWanted(block) else { return }
            begin(.vendor(index: index), block, to: &buffer)
        case "content_block_delta":
            guard let delta = item["delta"] else { return }
            // Citations belong to the text that is being written.
            let isOfText = current == .text && delta["type"] == "citations_delta"
            if isOfText || current == .vendor(index: index) { append(delta, to: &buffer) }
        case "content_block_stop":
            if current == .vendor(index: index) { close(to: &buffer) }
        case nil, "text", "tool_use": break
        // The same thinking, whole: its words have gone out one after the other, its signature has not.
        case "thinking" where current == .thinking:
            if let signature = item["signature"], signature != "" {
                append(["type": "signature_delta", "signature": signature], to: &buffer)
            }
            close(to: &buffer)
        default:
            guard isWanted(item) else { return }
            close(to: &buffer)
            begin(.vendor(index: index), item, to: &buffer)
            close(to: &buffer)
        }
    }

    private func isWanted(_ block: JSON) -> Bool {
        wantsThinking || !["thinking", "redacted_thinking"].contains(block["type"]?.stringValue)
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
