import PraximousJSON

/// What of a streamed answer has gone out.
///
/// Chunks are kept as they are and read only when there are many or somebody asks: most answers are never cut, and
/// reading each chunk would cost more than handing it on.
struct StreamTranscript: Sendable {
    private static let maxUnreadBytes = 32 << 10
    /// An answer with more text than this is not taken up again after a cut.
    private static let maxTextBytes = 1 << 20

    private var unread: [[UInt8]] = []
    private var unreadBytes = 0
    private var text: [UInt8] = []
    private var countedBytes = 0
    private var isBeyondText = false
    private var finish: String?
    private(set) var id: JSON?
    private(set) var created: JSON?
    /// Whether the client has got anything.
    private(set) var hasBegun = false

    mutating func append(_ chunk: [UInt8]) {
        hasBegun = true
        unread.append(chunk)
        unreadBytes += chunk.count
        if unreadBytes > Self.maxUnreadBytes { read() }
    }

    /// The answer's text, if that is all there is and another provider could go on with it.
    mutating func continuableText() -> [UInt8]? {
        read()
        return isBeyondText || text.isEmpty || text.count > Self.maxTextBytes || finish != nil ? nil : text
    }

    /// How many bytes of text and reasoning have gone out.
    mutating func outputBytes() -> Int {
        read()
        return countedBytes
    }

    private mutating func read() {
        for bytes in unread {
            guard let chunk = ChatChunk(bytes) else { continue }
            id = id ?? chunk.id
            created = created ?? chunk.created
            isBeyondText = isBeyondText || chunk.isBeyondText
            finish = finish ?? chunk.finishReason
            countedBytes += chunk.outputBytes
            if let content = chunk.content, text.count <= Self.maxTextBytes { text += content.utf8 }
        }
        unread = []
        unreadBytes = 0
    }
}
