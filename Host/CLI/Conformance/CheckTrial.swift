import Core
import Glibc
import Logging
import PluginRuntime
import Synchronization
import Workers

/// A plugin in a worker of its own, for the length of one check.
///
/// Everything here blocks, and runs on threads that may.
final class CheckTrial: Sendable {
    /// What came of one call.
    struct Answer: Sendable {
        let outcome: CallOutcome?
        let events: [CallEvent]
    }

    let trial: PluginTrial
    private let complaints: Complaints

    init(_ bench: CheckBench) throws {
        let complaints = Complaints()
        self.complaints = complaints
        trial = try PluginTrial(
            bench.folder,
            bench.decision,
            settings: bench.settings,
            patience: bench.patience,
            in: bench.runtime,
            logger: Logger(label: "check") { _ in complaints }
        )
        try trial.start()
    }

    /// What the plugin did against the rules of the header.
    var misbehaviours: [String] { complaints.texts }
    /// What its process has come to; nil while it lives as it should.
    var fault: FaultKind? { trial.fault }

    func call(_ operation: String, _ parameters: [UInt8], timeout: Duration, streams: Bool = false) -> Answer {
        let queue = streams ? EventQueue() : nil
        let call = SkillCall(
            operation: operation,
            parameters: parameters,
            context: CallContext(requestID: "check"),
            timeout: timeout,
            events: queue
        )
        return Blocking.wait { [trial] in
            async let outcome = Self.outcome(of: call, trial)
            var events: [CallEvent] = []
            while let event = await queue?.next() { events.append(event) }
            return Answer(outcome: await outcome, events: events)
        }
    }

    private static func outcome(of call: SkillCall, _ trial: PluginTrial) async -> CallOutcome? {
        let outcome = await trial.call(call)
        call.events?.close()
        return outcome
    }

    /// So many calls at once; their answers in order.
    func calls(_ operation: String, _ parameters: [[UInt8]], timeout: Duration) -> [CallOutcome?] {
        Blocking.wait { [trial] in
            await withTaskGroup(of: (Int, CallOutcome?).self) { group in
                for (number, parameters) in parameters.enumerated() {
                    let call = SkillCall(
                        operation: operation,
                        parameters: parameters,
                        context: CallContext(requestID: "check-\(number)"),
                        timeout: timeout
                    )
                    group.addTask { (number, await trial.call(call)) }
                }
                var outcomes = [CallOutcome?](repeating: nil, count: parameters.count)
                for await (number, outcome) in group { outcomes[number] = outcome }
                return outcomes
            }
        }
    }

    /// Begins a call and breaks it off after a while, or after its first event.
    func cancelledCall(_ operation: String, _ parameters: [UInt8], after: Duration, streams: Bool) -> Answer {
        let queue = streams ? EventQueue() : nil
        let call = SkillCall(
            operation: operation,
            parameters: parameters,
            context: CallContext(requestID: "check"),
            timeout: .seconds(30),
            events: queue
        )
        return Blocking.wait { [trial] in
            let running = Task { await Self.outcome(of: call, trial) }
            if streams {
                let first = await queue?.next()
                running.cancel()
                return Answer(outcome: await running.value, events: first.map { [$0] } ?? [])
            }
            // How long the call may work before it is cancelled is what the check is about.
            try? await Task.sleep(for: after)
            running.cancel()
            return Answer(outcome: await running.value, events: [])
        }
    }

    /// Whether the plugin lets go of every call within a while.
    func isIdle(within limit: Duration) -> Bool {
        let deadline = MonotonicClock.deadline(in: limit)
        // A worker says when a call ends, not when none is left.
        while trial.openCalls > 0, fault == nil, MonotonicClock.now() < deadline { usleep(2000) }
        return trial.openCalls == 0 && fault == nil
    }

    /// Lets it go; throws what it did on its way out.
    func finish() throws { _ = try trial.finish() }
}

/// Keeps what is said about a plugin's misbehaviour, and nothing else.
private final class Complaints: LogHandler, Sendable {
    private let kept = Mutex<[String]>([])

    var texts: [String] { kept.withLock { $0 } }

    // What is set is not needed: all that counts is in the event.
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .error }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        guard event.message.description == "plugin misbehaving" else { return }
        let what = event.metadata?["what"].map { "\($0)" } ?? ""
        kept.withLock { if $0.count < 100 { $0.append(what) } }
    }
}

/// Waits on a thread that may block for something that does not.
enum Blocking {
    static func wait<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) -> Value {
        let result = Mutex<Value?>(nil)
        let isDone = Semaphore()
        // Owned by this function, which waits for its end.
        Task {
            let value = await body()
            result.withLock { $0 = value }
            isDone.signal()
        }
        while true {
            isDone.wait()
            if let value = result.withLock({ $0 }) { return value }
        }
    }
}
