import Core
import Glibc
import Logging
import PluginRuntime
import ServiceLifecycle
import Supervision
import Synchronization

/// Ends the host when plugins inside it hold more of its threads than it can spare, so that whoever supervises it starts
/// another; without somebody who does, says what to do and goes on with the threads that are left.
final class HostRestart: Sendable {
    /// How long the host says that it is not ready before it stops listening: for whoever looks at `/readyz`.
    private static let announcement = Duration.seconds(2)
    /// Until it ends whatever happens, in seconds: a call that holds a thread may hold up the drain as well.
    private static let limitSeconds: UInt32 = 40

    private let isSupervised: Bool
    private let fleet: PluginFleet
    private let recorder: FaultRecorder
    private let logger: Logger
    private let isUnderWay = Atomic(false)
    private let wanted: AsyncStream<Void>
    private let want: AsyncStream<Void>.Continuation

    /// `isSupervised` is what `serve --supervised` says.
    init(isSupervised: Bool, fleet: PluginFleet, recorder: FaultRecorder, logger: Logger) {
        self.isSupervised = isSupervised
        self.fleet = fleet
        self.recorder = recorder
        self.logger = logger
        (wanted, want) = AsyncStream.makeStream()
        fleet.abandoned.onTooMany { [weak self] count in self?.judge(count) }
    }

    /// Why the host is not ready; nil when it is not ending.
    var notReadyReason: String? {
        guard isUnderWay.load(ordering: .acquiring) else { return nil }
        return "The host is being restarted: calls that do not come back hold too many of its threads."
    }

    /// What the host does without, although it serves; nil when that is nothing.
    var degradedReason: String? {
        switch fleet.abandoned.count {
        case 0: nil
        case 1: "A call that does not come back holds a thread of the host."
        case let count: "\(count) calls that do not come back hold threads of the host."
        }
    }

    private func judge(_ count: Int) {
        let words: Logger.Metadata = ["threads": "\(count)", "max_abandoned": "\(fleet.abandoned.max)"]
        guard isSupervised else {
            let fix =
                "restart the host; with `serve --supervised`, and something that starts it again, it does so by itself; "
                + "in a worker such a plugin is ended instead: `isolation: process` in praximous.yaml"
            logger.error("too many calls do not come back", metadata: words.merging(["fix": "\(fix)"]) { $1 })
            return
        }
        guard !isUnderWay.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let held = fleet.holdBackHung("its calls held threads of the host, which had to be restarted for it")
        let names = held.map(\.description).joined(separator: ", ")
        let next: Logger.Metadata = [
            "held_back": "\(names)", "next": "ends with exit code \(ExitCode.restart.rawValue), to be started again",
        ]
        logger.error("too many calls do not come back", metadata: words.merging(next) { $1 })
        recorder.restarts("threads lost: \(count), to \(names)")
        want.yield()
        DetachedThread.start(named: "prax-restart") {
            sleep(Self.limitSeconds)
            _exit(ExitCode.restart.rawValue)
        }
    }

    /// Stops the group gently once the host is to be restarted; until cancelled.
    func watch(_ group: ServiceGroup) async {
        for await _ in wanted {
            // Whoever sends requests here shall see /readyz first; cancelled, the host stops at once.
            try? await Task.sleep(for: Self.announcement)
            await group.triggerGracefulShutdown()
        }
    }

    /// Ends the process if that is what it stopped for, and nobody has told it to stop for good.
    ///
    /// Past the exit handlers: they would run beside the plugins' calls that did not come back.
    func endIfUnderWay(unless isStopping: Bool) {
        guard !isStopping, isUnderWay.load(ordering: .acquiring) else { return }
        logger.notice("stopped", metadata: ["next": "whoever supervises the host starts it again"])
        _exit(ExitCode.restart.rawValue)
    }
}
