import PraximousJSON
import PraximousPlugin
import ProviderKit

/// A stream of chunks that already are what the client wants: only those are read that begin or end something.
struct OpenAIStream: StreamTranslator {
    private var events = ServerSentEventReader()
    private let choices: Int
    private let promptBytes: Int
    private let secret: String
    private var finished: Set<Int> = []
    private var finishReason: String?
    private var usage: JSON?
    private var id: JSON = .null
    private var model: JSON = .null
    /// About one token each.
    private var chunks = 0
    private(set) var isDone = false

    init(choices: Int, promptBytes: Int, secret: String) {
        self.choices = choices
        self.promptBytes = promptBytes
        self.secret = secret
    }

    var isWhole: Bool { finished.count >= max(1, choices) || isDone && finishReason != nil }

    mutating func read(
        _ piece: UnsafeBufferPointer<UInt8>,
        _ head: UpstreamHead,
        _ emit: (UnsafeBufferPointer<UInt8>) -> Reply.Emission
    ) throws(SkillFailure) {
        var events = events
        self.events = ServerSentEventReader()
        defer { self.events = events }
        try events.read(piece) { _, data throws(SkillFailure) in
            guard !isDone else { return }
            if data.elementsEqual("[DONE]".utf8) {
                isDone = true
                return
            }
            // What is not an object is no chunk; what is not JSON is refused by the host, and skipped.
            guard data.first == UInt8(ascii: "{") else { return }
            if chunks == 0 || ChunkScan.isNotable(data) { try note(data, head) }
            if emit(data) == .taken { chunks += 1 }
        }
    }

    private mutating func note(_ data: UnsafeBufferPointer<UInt8>, _ head: UpstreamHead) throws(SkillFailure) {
        guard let chunk = try? JSON.parse(data) else { return }
        if let error = chunk["error"].flatMap({ VendorError(["error": $0]) }) {
            throw .event(error, head, secret: secret)
        }
        if case .some(.string) = chunk["id"] { id = chunk["id"] ?? id }
        if case .some(.string) = chunk["model"] { model = chunk["model"] ?? model }
        if case .some(.object) = chunk["usage"] { usage = chunk["usage"] }
        for choice in chunk["choices"]?.arrayValue ?? [] {
            guard let reason = choice["finish_reason"]?.stringValue else { continue }
            finished.insert(choice["index"]?.intValue ?? 0)
            finishReason = finishReason ?? reason
        }
    }

    func summary(_ head: UpstreamHead) -> [UInt8] {
        var guess = TokenUsage.estimated(promptBytes: promptBytes, completionBytes: 0)
        // Neither the chunk with the role nor the one with the reason has a token.
        guess.completionTokens = max(0, chunks - 2)
        var summary: JSONObject = [
            "id": id, "model": model, "finish_reason": finishReason.map(JSON.string) ?? .null,
            "usage": usage ?? guess.json,
        ]
        if let requestID = head.requestID { summary["x_request_id"] = .string(requestID) }
        return JSON.object(summary).encoded()
    }
}

/// Tells from a chunk's bytes whether it must be read: one pass, without building anything.
enum ChunkScan {
    /// Whether there is a finish reason, a count of tokens or an error in it, each other than null.
    ///
    /// A quoted text cannot be mistaken for a name, for its quotes would be escaped; one that is gives a chunk that is
    /// read without need.
    static func isNotable(_ data: UnsafeBufferPointer<UInt8>) -> Bool {
        var position = 0
        while position < data.count {
            guard data[position] == UInt8(ascii: "\"") else {
                position += 1
                continue
            }
            position += 1
            guard let end = nameEnd(data, position) else { continue }
            if hasValue(data, end) { return true }
            position = end
        }
        return false
    }

    /// Behind the closing quote of one of the names.
    private static func nameEnd(_ data: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
        guard start < data.count else { return nil }
        let name: StaticString
        switch data[start] {
        case UInt8(ascii: "f"): name = "finish_reason\""
        case UInt8(ascii: "u"): name = "usage\""
        case UInt8(ascii: "e"): name = "error\""
        default: return nil
        }
        guard data.count - start >= name.utf8CodeUnitCount else { return nil }
        for offset in 0..<name.utf8CodeUnitCount where data[start + offset] != name.utf8Start[offset] { return nil }
        return start + name.utf8CodeUnitCount
    }

    /// Whether a colon and something other than null follow.
    private static func hasValue(_ data: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
        var position = start
        var hasColon = false
        while position < data.count {
            switch data[position] {
            case UInt8(ascii: ":"): hasColon = true
            case 0x20, 0x09, 0x0A, 0x0D: break
            case UInt8(ascii: "n"): return false
            default: return hasColon
            }
            position += 1
        }
        return false
    }
}
