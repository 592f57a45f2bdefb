import PraximousJSON

/// One line of the doctor.
struct Finding {
    enum State: String {
        case ok
        /// Worth knowing, and no reason for exit code 11.
        case note
        case bad
    }

    let subject: String
    var state = State.ok
    /// What was found.
    var detail: String?
    /// What to do about it.
    var fix: String?

    static func ok(_ subject: String, _ detail: String? = nil) -> Finding { Finding(subject: subject, detail: detail) }

    static func note(_ subject: String, _ detail: String, fix: String) -> Finding {
        Finding(subject: subject, state: .note, detail: detail, fix: fix)
    }

    static func bad(_ subject: String, _ detail: String, fix: String? = nil) -> Finding {
        Finding(subject: subject, state: .bad, detail: detail, fix: fix)
    }

    /// What was found and what to do, as one sentence.
    private var words: String {
        guard let fix else { return detail ?? "" }
        var detail = detail ?? ""
        while detail.last == "." { detail.removeLast() }
        return detail.isEmpty ? fix : "\(detail); \(fix)"
    }

    var line: String {
        let mark =
            switch state {
            case .ok: "ok  "
            case .note: "note"
            case .bad: "BAD "
            }
        let words = self.words
        return "\(mark) \(subject)" + (words.isEmpty ? "" : ": " + words)
    }

    func json(section: String) -> JSON {
        func text(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
        return [
            "section": .string(section), "subject": .string(subject), "ok": .bool(state != .bad),
            "state": .string(state.rawValue),
            "problem": state == .bad ? .string(words) : .null,
            "detail": text(detail), "fix": text(fix),
        ]
    }
}
