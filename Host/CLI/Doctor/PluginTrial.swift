import Core
import Logging
import PluginRuntime
import Sandbox
import Supervision
import Synchronization
import Workers

/// A plugin in a worker of its own, as a host would have it, for a command that looks at it and lets it go again: what
/// it does, and what it is denied, harms neither this process nor the installation.
///
/// Everything here but ``call(_:)`` blocks.
final class PluginTrial: Sendable {
    /// More denials are not kept.
    private static let maxDenials = 100
    /// How long destroy() may take.
    private static let farewell = Duration.seconds(2)

    private let path: String
    private let patience: Duration
    private let runtime: WorkerRuntime
    private let plan: WorkerPlan
    private let scratch: ScratchFolder
    private let denied = Mutex<[Denial]>([])
    private let end = Mutex<WorkerEnd?>(nil)
    private let hasEnded = Semaphore()
    private let worker = Mutex<Worker?>(nil)

    /// `patience` is how long it may take until it is ready.
    init(
        _ folder: PluginFolder,
        _ decision: IsolationPolicy.Decision,
        settings: PluginSettings,
        patience: Duration,
        in runtime: WorkerRuntime,
        logger: Logger
    ) throws(Refusal) {
        try folder.manifest.checkFits()
        let settings = try settings.completed(by: folder.manifest)
        path = try folder.libraryPath()
        self.patience = patience
        self.runtime = runtime
        scratch = ScratchFolder(isWanted: folder.manifest.permissions.contains { $0.isFolder })
        plan = WorkerPlan(
            identity: PluginIdentity(folder.manifest),
            kind: folder.manifest.kind,
            libraryPath: path,
            config: settings.config,
            services: DryServices(folder.manifest, settings, dataFolder: scratch.path),
            mode: decision.mode,
            limits: WorkerLimits(decision.limits),
            readableFolders: [folder.path],
            logger: logger
        )
    }

    deinit { scratch.remove() }

    /// What it was refused by the sandbox so far, in order.
    var denials: [Denial] { denied.withLock { $0 } }
    /// What its process has come to; nil while it lives as it should.
    var fault: FaultKind? { end.withLock { $0?.fault } }
    /// Calls that the plugin has not let go of, although nobody may wait for them any more.
    var openCalls: Int { worker.withLock { $0 }?.openCalls ?? 0 }
    /// What its process uses now.
    var usage: ProcessSample? { worker.withLock { $0 }?.usage }
    /// The layers around it, once it has started.
    var layers: [LayerReport] { worker.withLock { $0 }?.layers ?? [] }

    /// Loads it and makes its instance.
    func start() throws(Refusal) {
        let listener = WorkerListener(
            ended: { [weak self] end in self?.ended(end) },
            denied: { [weak self] denial in self?.note(denial) },
            misbehaved: {}
        )
        let begun = MonotonicClock.now()
        do throws(WorkerStartFailure) {
            let started = try Worker.start(plan, in: runtime, listener: listener)
            worker.withLock { $0 = started }
        } catch {
            let isLate = MonotonicClock.now() - begun >= patience.nanoseconds
            throw error.refusal(of: path, patience: isLate ? patience : nil)
        }
    }

    /// Runs one call; only once it has started.
    func call(_ call: SkillCall) async -> CallOutcome? { await worker.withLock { $0 }?.call(call) }

    /// Lets it go, and returns what it has printed in its life.
    func finish() throws(Refusal) -> String {
        guard let worker = worker.withLock({ $0 }) else { return "" }
        worker.drain()
        if let end = awaitEnd() {
            guard end.fault == nil, end.ending != .exited(0) else { return end.lastWords }
            throw .badFarewell(path, end.deed)
        }
        worker.endNow()
        _ = awaitEnd()
        throw .lateFarewell(path, Self.farewell)
    }

    private func awaitEnd() -> WorkerEnd? {
        hasEnded.wait(until: MonotonicClock.deadline(in: Self.farewell))
        return end.withLock { $0 }
    }

    private func ended(_ end: WorkerEnd) {
        self.end.withLock { $0 = end }
        hasEnded.signal()
    }

    private func note(_ denial: Denial) {
        denied.withLock { if $0.count < Self.maxDenials { $0.append(denial) } }
    }
}

extension WorkerStartFailure {
    /// In the words of ``PluginProbe``; `patience` is given when it was used up.
    fileprivate func refusal(of path: String, patience: Duration?) -> Refusal {
        switch self {
        case .refused(let refusal): return refusal
        case .noProcess(let reason):
            return Refusal(.crashed, "no worker process could be started: \(reason)", fix: "See `prax-host doctor`.")
        case .failed(let end):
            if let patience {
                return Refusal(
                    .timedOut,
                    "\(path) did not finish within \(patience) while it was being loaded",
                    fix: "Do no work in constructors, and keep create() under a second."
                )
            }
            let printed = end.lastWords.isEmpty ? "" : "; it printed: \(end.lastWords.prefix(400))"
            return Refusal(
                .crashed,
                "\(path) \(end.deed) while it was being loaded\(printed)",
                fix: "Look at its constructors, its entry and create(); a plugin calls neither exit() nor abort()."
            )
        }
    }
}

extension Refusal {
    fileprivate static func lateFarewell(_ path: String, _ limit: Duration) -> Refusal {
        Refusal(
            .timedOut,
            "\(path) did not finish within \(limit) while it was being destroyed",
            fix: "Let destroy() end its threads and return."
        )
    }

    fileprivate static func badFarewell(_ path: String, _ deed: String) -> Refusal {
        Refusal(
            .crashed,
            "\(path) \(deed) while it was being destroyed",
            fix: "Look at quiesce() and destroy(); a plugin calls neither exit() nor abort()."
        )
    }
}

extension WorkerEnd {
    /// What the process did, as the end of a sentence about the library.
    fileprivate var deed: String {
        // The signal of the host, which would not listen any longer, tells nothing.
        if let fault, fault == .protocolViolation { return fault.phrase }
        return switch ending {
        case nil: "did not end"
        case .exited: "ended the process"
        case .signalled(let number): "crashed with signal \(number)"
        }
    }
}

extension Permission {
    fileprivate var isFolder: Bool { if case .storageDirectory = self { true } else { false } }
}
