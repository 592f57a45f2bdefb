/// How an answer that was cut goes on at another provider: what of its text is new to the client.
///
/// Pure; texts are compared byte by byte.
struct Continuation: Sendable {
    enum Mode: Sendable, Hashable {
        /// The provider got the text so far as the assistant's last message and should only add to it. Some begin anew
        /// all the same.
        case prefill
        /// The provider got the original request and is expected to say the same again.
        case replay
    }

    enum Verdict: Sendable, Hashable {
        /// Not known yet; what was taken is kept.
        case hold
        case emit([UInt8])
        /// It says something else than what the client has already read.
        case diverged
    }

    /// So many bytes in common with the beginning are no accident: the provider began anew.
    private static let minRestartBytes = 16

    private let mode: Mode
    private let text: [UInt8]
    /// So many bytes of the text have come again.
    private var matched = 0
    private var isDecided = false

    /// `text` is what the client has read; not empty.
    init(_ mode: Mode, of text: [UInt8]) {
        self.mode = mode
        self.text = text
    }

    mutating func take(_ content: [UInt8]) -> Verdict {
        if isDecided { return .emit(content) }
        let common = zip(content, text[matched...]).prefix { $0 == $1 }.count
        if matched + common == text.count { return decided(Array(content[common...])) }
        if common == content.count {
            matched += common
            return .hold
        }
        guard mode == .prefill, matched + common < Self.minRestartBytes else { return .diverged }
        return decided(text[..<matched] + content)
    }

    /// The provider has said all it had to say.
    mutating func end() -> Verdict {
        if isDecided { return .emit([]) }
        guard mode == .prefill, matched < Self.minRestartBytes else { return .diverged }
        return decided(Array(text[..<matched]))
    }

    private mutating func decided(_ new: [UInt8]) -> Verdict {
        isDecided = true
        return .emit(new)
    }
}
