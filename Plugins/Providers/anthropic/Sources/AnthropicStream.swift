import PraximousJSON
import PraximousPlugin
import ProviderKit

/// Anthropic's events as OpenAI's chunks.
///
/// Blocks that OpenAI does not have, thinking with its signature above all, follow whole as `delta.praximous.anthropic`
/// when they end.
struct AnthropicStream: StreamTranslator {
    /// A block that has been opened.
    private struct Block {
        let type: String
        /// The number of its call; nil when it is none.
        var call: Int?
        var hasInput = false
        /// The block itself, when it is none of OpenAI's.
        var own: JSONObject?
        /// What its `input` is made of.
        var input = ""
    }

    /// What is kept of one block.
    private static let maxBlockBytes = 4 << 20

    private var events = ServerSentEventReader()
    private var chunks: ChatChunks
    private let promptBytes: Int
    private let jsonTool: String?
    private let secret: String
    private var blocks: [Int: Block] = [:]
    private var calls = 0
    private var completionBytes = 0
    private var counted = JSONObject()
    private var finishReason: String?
    private(set) var isDone = false

    init(model: String, promptBytes: Int, jsonTool: String?, secret: String) {
        chunks = ChatChunks(model: model)
        self.promptBytes = promptBytes
        self.jsonTool = jsonTool
        self.secret = secret
    }

    var isWhole: Bool { finishReason != nil }

    mutating func read(
        _ piece: UnsafeBufferPointer<UInt8>,
        _ head: UpstreamHead,
        _ emit: (UnsafeBufferPointer<UInt8>) -> Reply.Emission
    ) throws(SkillFailure) {
        var events = events
        self.events = ServerSentEventReader()
        defer { self.events = events }
        try events.read(piece) { _, data throws(SkillFailure) in
            guard !isDone, let event = try? JSON.parse(data) else { return }
            if event["type"] == "error" {
                throw VendorError(event).map { .event($0, head, secret: secret) } ?? .cut(head)
            }
            for chunk in translated(event) { _ = chunk.withUnsafeBufferPointer(emit) }
        }
    }

    private mutating func translated(_ event: JSON) -> [[UInt8]] {
        switch event["type"]?.stringValue {
        case "message_start":
            let message = event["message"]
            chunks = ChatChunks(id: message?["id"]?.stringValue, model: message?["model"]?.stringValue ?? chunks.model)
            count(message?["usage"])
            return [chunks.chunk(["role": "assistant", "content": ""])]
        case "content_block_start": return started(event)
        case "content_block_delta": return continued(event)
        case "content_block_stop": return stopped(event)
        case "message_delta":
            count(event["usage"])
            guard finishReason == nil, let reason = event["delta"]?["stop_reason"]?.stringValue else { return [] }
            let finish = AnthropicAnswer.finishReason(reason, hasCalls: calls > 0)
            finishReason = finish
            let extras = AnthropicAnswer.ending(event["delta"], counted)
            let delta: JSON = extras.isEmpty ? [:] : ["praximous": ["anthropic": .object(extras)]]
            return [chunks.chunk(delta, finishReason: finish), chunks.usageChunk(usage)]
        case "message_stop":
            isDone = true
            return []
        default: return []
        }
    }

    private mutating func started(_ event: JSON) -> [[UInt8]] {
        guard let index = event["index"]?.intValue, let content = event["content_block"] else { return [] }
        var block = Block(type: content["type"]?.stringValue ?? "")
        defer { blocks[index] = block }
        switch block.type {
        case "text":
            guard let text = content["text"], text != "" else { return [] }
            return [chunks.chunk(["content": text])]
        case "tool_use":
            if let jsonTool, content["name"]?.stringValue == jsonTool { return [] }
            block.call = calls
            calls += 1
            var call = AnthropicAnswer.call(content, arguments: "").objectValue ?? JSONObject()
            call["index"] = .integer(calls - 1)
            return [chunks.chunk(["tool_calls": [.object(call)]])]
        default:
            block.own = content.objectValue
            return []
        }
    }

    private mutating func continued(_ event: JSON) -> [[UInt8]] {
        guard let index = event["index"]?.intValue, let delta = event["delta"] else { return [] }
        switch delta["type"]?.stringValue {
        case "text_delta":
            let text = delta["text"]?.stringValue ?? ""
            completionBytes += text.utf8.count
            return [chunks.chunk(["content": .string(text)])]
        case "input_json_delta":
            let piece = delta["partial_json"]?.stringValue ?? ""
            guard !piece.isEmpty else { return [] }
            blocks[index]?.hasInput = true
            completionBytes += piece.utf8.count
            if let call = blocks[index]?.call { return [arguments(piece, of: call)] }
            // Of the tool that stands in for a schema; those of Anthropic's own are not the client's business.
            if blocks[index]?.type == "tool_use" { return [chunks.chunk(["content": .string(piece)])] }
            if blocks[index]?.input.utf8.count ?? .max < Self.maxBlockBytes { blocks[index]?.input += piece }
            return []
        case "thinking_delta":
            let thought = delta["thinking"]?.stringValue ?? ""
            append(thought, to: "thinking", of: index)
            return thought.isEmpty ? [] : [chunks.chunk(["reasoning_content": .string(thought)])]
        case "signature_delta":
            append(delta["signature"]?.stringValue ?? "", to: "signature", of: index)
            return []
        default: return [extra(delta)]
        }
    }

    private mutating func append(_ text: String, to name: String, of index: Int) {
        let before = blocks[index]?.own?[name]?.stringValue ?? ""
        guard before.utf8.count < Self.maxBlockBytes else { return }
        blocks[index]?.own?[name] = .string(before + text)
    }

    private func stopped(_ event: JSON) -> [[UInt8]] {
        guard let index = event["index"]?.intValue, let block = blocks[index] else { return [] }
        if var own = block.own {
            if let input = try? JSON.parse(block.input) { own["input"] = input }
            return [extra(.object(own))]
        }
        // A function without arguments is called with an empty object, as a text that can be read.
        guard let call = block.call, !block.hasInput else { return [] }
        return [arguments("{}", of: call)]
    }

    private func arguments(_ piece: String, of call: Int) -> [UInt8] {
        chunks.chunk(["tool_calls": [["index": .integer(call), "function": ["arguments": .string(piece)]]]])
    }

    private func extra(_ json: JSON) -> [UInt8] { chunks.chunk(["praximous": ["anthropic": json]]) }

    /// Counts come at the start and, those of the answer above all, again at the end.
    private mutating func count(_ usage: JSON?) {
        for member in usage?.objectValue ?? [:]
        where member.value.intValue != nil || AnthropicAnswer.counts.contains(member.key) && member.value != .null {
            counted[member.key] = member.value
        }
    }

    private var usage: TokenUsage {
        AnthropicAnswer.usage(.object(counted))
            ?? .estimated(promptBytes: promptBytes, completionBytes: completionBytes)
    }

    func summary(_ head: UpstreamHead) -> [UInt8] {
        chunks.summary(finishReason: finishReason ?? "stop", usage: usage, requestID: head.requestID)
    }
}
