import Logging
import PluginRuntime
import Synchronization
import TestSupport

@testable import Workers

/// What a worker's keeper and the host's log hear of it.
final class Heard: Sendable {
    private struct State {
        var ends: [WorkerEnd] = []
        var lines: [String] = []
        var misbehaviours = 0
    }

    private let state = Mutex(State())
    private let ended = Semaphore()

    var listener: WorkerListener {
        WorkerListener(
            ended: { [self] end in
                state.withLock { $0.ends.append(end) }
                ended.signal()
            },
            denied: { _ in },
            misbehaved: { [self] in state.withLock { $0.misbehaviours += 1 } }
        )
    }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in RecordingHandler(heard: self) }
        logger.logLevel = .info
        logger[metadataKey: "plugin"] = "test/serving"
        return logger
    }

    var ends: [WorkerEnd] { state.withLock { $0.ends } }
    var lines: [String] { state.withLock { $0.lines } }
    var misbehaviours: Int { state.withLock { $0.misbehaviours } }

    fileprivate func add(_ line: String) { state.withLock { $0.lines.append(line) } }

    /// How the worker ended; nil when it did not in time.
    func end(within limit: Duration = .seconds(20)) async throws -> WorkerEnd? {
        try await Blocking.run { [self] in
            ended.wait(until: MonotonicClock.deadline(in: limit))
            return ends.first
        }
    }
}

/// Keeps each line with its metadata in one text.
private struct RecordingHandler: LogHandler {
    let heard: Heard
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        heard.add("\(event.level) \(event.message) " + all.map { "\($0)=\($1)" }.sorted().joined(separator: " "))
    }
}

/// Waits until something is so, looking now and then; false when it was not in time.
func eventually(within limit: Duration = .seconds(10), _ isSo: () async throws -> Bool) async rethrows -> Bool {
    let deadline = MonotonicClock.deadline(in: limit)
    while true {
        if try await isSo() { return true }
        guard MonotonicClock.now() < deadline else { return false }
        try? await Task.sleep(for: .milliseconds(2))
    }
}
