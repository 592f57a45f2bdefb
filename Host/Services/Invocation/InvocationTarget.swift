/// What a child request is sent to, as a plugin spells it.
enum InvocationTarget: Sendable, Hashable {
    /// `skill:NAME/OPERATION`, the name a task type or `owner/name`.
    case skill(name: String, operation: String)
    /// `chat:MODEL` or `embed:MODEL`.
    case model(capability: String, name: String)

    private static let maxBytes = 512

    /// Nil for what is spelled otherwise.
    init?(_ text: String) {
        guard text.utf8.count <= Self.maxBytes, let colon = text.firstIndex(of: ":") else { return nil }
        let rest = text[text.index(after: colon)...]
        switch text[..<colon] {
        case "skill":
            guard let slash = rest.lastIndex(of: "/") else { return nil }
            let operation = rest[rest.index(after: slash)...]
            guard slash > rest.startIndex, !operation.isEmpty else { return nil }
            self = .skill(name: String(rest[..<slash]), operation: String(operation))
        case "chat", "embed":
            guard !rest.isEmpty else { return nil }
            self = .model(capability: String(text[..<colon]), name: String(rest))
        default: return nil
        }
    }
}
