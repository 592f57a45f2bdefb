import Core
import PraximousJSON
import Registry
import Synchronization

/// What a command has done so far: each package is told, and written down, as soon as it is there.
final class Outcomes: Sendable {
    private struct State {
        var all: [InstallOutcome] = []
        /// Sentences about packages that stay as they are.
        var notes: [String] = []
    }

    private let options: GlobalOptions
    private let progress: InstallProgress
    private let state = Mutex(State())

    init(_ options: GlobalOptions) {
        self.options = options
        progress = InstallProgress(options: options)
    }

    /// Runs a change that reports what happens; one that fails after something was done is a partial success.
    func collect<Value>(
        _ journal: ChangeJournal,
        _ work: (@escaping PluginStore.Report) async throws -> Value
    ) async throws -> Value {
        do {
            let value = try await work { [self] event in try hear(event, journal) }
            progress.finish()
            return value
        } catch {
            progress.finish()
            let done = state.withLock { $0.all }.filter { $0.change != .alreadyThere }
            guard !done.isEmpty else { throw error }
            let failure = CommandFailure(error, parser: PraxHost.self)
            let names = done.map(\.receipt.name.description).joined(separator: ", ")
            let message = failure.message + " Done before that: \(names)."
            throw CommandFailure(.partial, message, hint: failure.hint, code: failure.code)
        }
    }

    private func hear(_ event: PluginStore.Event, _ journal: ChangeJournal) throws {
        switch event {
        case .step(let step, let name): progress.step(step, name)
        case .progress(let received, let expected): progress.advance(received, expected)
        case .kept(_, let sentence): note(sentence)
        case .outcome(let outcome):
            state.withLock { $0.all.append(outcome) }
            progress.finish()
            if !options.quiet { outcome.warnings.forEach(Terminal.say) }
            if !options.json { print(outcome.sentence) }
            try journal.changed([outcome])
        }
    }

    private func note(_ sentence: String) {
        state.withLock { $0.notes.append(sentence) }
        progress.finish()
        if !options.json, !options.quiet { Terminal.say(sentence + ".") }
    }

    /// The document of `--json`.
    func show(_ more: JSONObject = [:]) {
        guard options.json else { return }
        let (all, notes) = state.withLock { ($0.all, $0.notes) }
        var json: JSONObject = ["installed": .array(all.map(\.json))]
        if !notes.isEmpty { json["notes"] = .array(notes.map(JSON.string)) }
        for member in more { json[member.key] = member.value }
        print(JSON.object(json).text)
    }
}
