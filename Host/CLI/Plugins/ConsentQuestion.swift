import Core
import Registry

/// Shows what a package may do, and asks whether that is wanted when there is somebody to ask.
struct ConsentQuestion {
    let options: GlobalOptions

    func consent(accepting list: String?) -> Consent {
        // With --yes nobody is asked, and --yes is no answer to this question.
        let mayAsk = Terminal.isInteractive && !options.yes && !options.json
        let isQuiet = options.quiet
        let ask: @Sendable ([ConsentRequest]) async -> Bool = { requests in
            Self.isYes(Terminal.ask("Install \(requests.count == 1 ? "it" : "them")? [y/N] "))
        }
        return Consent(
            accepted: Consent.accepted(list),
            ask: mayAsk ? ask : nil,
            show: { request in if !isQuiet { Self.text(request).forEach(Terminal.say) } }
        )
    }

    static func text(_ request: ConsentRequest) -> [String] {
        let subject = "\(request.name) \(request.version)"
        guard let difference = request.difference else {
            let lines = request.permissions.map { line($0.description, isDangerous: $0.isDangerous) }
            return ["\(subject) would be allowed to:"] + (lines.isEmpty ? ["  nothing"] : lines)
        }
        guard !difference.changes.isEmpty else { return ["\(subject) may do what its last version may."] }
        return ["\(subject) has other permissions than the installed version:"]
            + difference.changes.map { line($0.sentence, isDangerous: $0.isDangerous) }
    }

    private static func line(_ text: String, isDangerous: Bool) -> String {
        let line = "  - \(text.forTerminal)"
        return isDangerous ? Terminal.red(line) : line
    }

    static func isYes(_ answer: String?) -> Bool { ["y", "yes"].contains(answer?.lowercased() ?? "") }
}
