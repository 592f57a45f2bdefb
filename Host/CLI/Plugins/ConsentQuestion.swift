import Core
import Registry

/// Shows what a package may do, and asks whether that is wanted when there is somebody to ask.
struct ConsentQuestion {
    let options: GlobalOptions

    func consent(accepting list: String?) -> Consent {
        // With --yes nobody is asked, and --yes is no answer to this question.
        let mayAsk = Terminal.isInteractive && !options.yes && !options.json
        let isQuiet = options.quiet
        let ask: @Sendable (ConsentRequest) async -> Bool = { _ in Self.isYes(Terminal.ask("Install it? [y/N] ")) }
        return Consent(
            accepted: Consent.accepted(list),
            ask: mayAsk ? ask : nil,
            show: { request in if !isQuiet { Self.text(request).forEach(Terminal.say) } }
        )
    }

    static func text(_ request: ConsentRequest) -> [String] {
        let verb = request.isUpgrade ? "would now also be allowed to" : "would be allowed to"
        let new = Set(request.newTokens)
        let lines = request.permissions.filter { !new.isDisjoint(with: $0.tokens) }.map {
            "  - \($0.description.forTerminal)"
        }
        return ["\(request.name) \(request.version) \(verb):"] + lines
    }

    static func isYes(_ answer: String?) -> Bool { ["y", "yes"].contains(answer?.lowercased() ?? "") }
}
