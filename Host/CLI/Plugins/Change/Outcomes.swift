import Core
import PraximousJSON
import Registry

/// What a command has done so far: each package is told, and written down, as soon as it is there.
final class Outcomes {
    private let options: GlobalOptions
    private(set) var all: [InstallOutcome] = []
    /// Sentences about packages that stay as they are.
    private(set) var notes: [String] = []
    private var recordFailure: (any Error)?

    init(_ options: GlobalOptions) { self.options = options }

    /// Runs a change that reports its outcomes; one that fails after some were done is a partial success.
    func collect(
        _ journal: ChangeJournal,
        _ work: (@escaping (InstallOutcome) -> Void) async throws -> Void
    ) async throws {
        do {
            try await work { [self] outcome in add(outcome, journal) }
        } catch {
            let done = all.filter { $0.change != .alreadyThere }
            guard !done.isEmpty else { throw error }
            let failure = CommandFailure(error, parser: PraxHost.self)
            let names = done.map(\.receipt.name.description).joined(separator: ", ")
            let message = failure.message + " Installed before that: \(names)."
            throw CommandFailure(.partial, message, hint: failure.hint, code: failure.code)
        }
        if let recordFailure { throw recordFailure }
    }

    private func add(_ outcome: InstallOutcome, _ journal: ChangeJournal) {
        all.append(outcome)
        do { try journal.changed([outcome]) } catch { recordFailure = error }
        if !options.quiet { outcome.warnings.forEach(Terminal.say) }
        if !options.json { print(outcome.sentence) }
    }

    func note(_ sentence: String) {
        notes.append(sentence)
        if !options.json, !options.quiet { Terminal.say(sentence + ".") }
    }

    /// The document of `--json`.
    func show(_ more: JSONObject = [:]) {
        guard options.json else { return }
        var json: JSONObject = ["installed": .array(all.map(\.json))]
        if !notes.isEmpty { json["notes"] = .array(notes.map(JSON.string)) }
        for member in more { json[member.key] = member.value }
        print(JSON.object(json).text)
    }
}
