import PraximousJSON

/// What of a streamed answer has gone out.
///
/// Chunks are kept as they are and read only when there are many or somebody asks: most answers are never cut, and
/// reading each chunk would cost more than handing it on.
struct StreamTranscript: Sendable {
    private static let maxUnreadBytes = 32 << 10
    /// An answer with more text than this is not taken up again after a cut.
    private static let maxTextBytes = 1 << 20

    /// Without it the text is counted and not kept: nobody will go on with it, and it would be a MiB for each stream.
    private let keepsText: Bool
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

    init(keepsText: Bool = true) { self.keepsText = keepsText }

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
            if keepsText, let content = chunk.content, text.count <= Self.maxTextBytes { text += content.utf8 }
        }
        unread = []
        unreadBytes = 0
    }
}
