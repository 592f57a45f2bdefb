import CLinux
import Glibc
import Synchronization

/// Hears what a worker's filter asks about, answers, and tells what was refused.
///
/// One thread for each worker: a worker that asks without end takes time from itself alone.
package final class DenialListener: Sendable {
    /// What a worker may cost the host.
    package struct Limits: Sendable, Hashable {
        /// Denials reported; the others are counted.
        package var reportsPerSecond = 20
        /// Calls answered; beyond that the worker waits.
        ///
        /// A library that opens a file a thousand times does not notice.
        package var callsPerSecond = 5000

        package init() {}
    }

    package enum StartFailure: Error, CustomStringConvertible {
        case noThread
        case noPipe(errno: Int32)

        package var description: String {
            switch self {
            case .noThread: "no thread can be started to hear of a worker's denials"
            case .noPipe(let number): "no pipe can be opened to hear of a worker's denials: \(errorText(number))"
            }
        }
    }

    /// Closing it ends the thread.
    private let stopper: Mutex<Int32?>

    /// Starts to listen; the descriptor is the listener's from here on, whatever comes of it.
    ///
    /// `report` runs on the listener's thread, after the call has had its answer; while it runs, the worker's next
    /// calls wait. `ended` is the last that is called, once, on the same thread.
    ///
    /// `descriptor` is what the worker got from ``SandboxResult/listener``, `profile` the same that it applied.
    package convenience init(
        descriptor: Int32,
        worker: Int32,
        profile: SandboxProfile,
        limits: Limits = Limits(),
        report: @escaping @Sendable (Denial) -> Void,
        ended: @escaping @Sendable () -> Void = {}
    ) throws(StartFailure) {
        try self.init(
            descriptor: descriptor,
            worker: worker,
            profile: profile,
            limits: limits,
            kernel: .own,
            report: report,
            ended: ended
        )
    }

    /// As if the kernel offered no more than that; the worker's profile must have been applied likewise.
    package init(
        descriptor: Int32,
        worker: Int32,
        profile: SandboxProfile,
        limits: Limits,
        kernel: KernelFeatures,
        report: @escaping @Sendable (Denial) -> Void,
        ended: @escaping @Sendable () -> Void
    ) throws(StartFailure) {
        var ends: [Int32] = [-1, -1]
        guard prax_pipe_cloexec(&ends) == 0 else {
            let number = errno
            close(descriptor)
            throw .noPipe(errno: number)
        }
        stopper = Mutex(ends[1])
        let rights = kernel.landlockABI >= 1 ? LandlockRights(abi: kernel.landlockABI) : nil
        let loop = DenialLoop(
            descriptor: descriptor,
            stop: ends[0],
            judge: DenialJudge(worker: worker, profile: profile, rights: rights),
            limits: limits,
            report: report
        )
        let hasStarted = ListenerThread.start {
            loop.run()
            ended()
        }
        guard hasStarted else { throw .noThread }
    }

    deinit { stop() }

    /// Ends the thread soon.
    ///
    /// A call that waits, and every later one that would, fails in the worker with ENOSYS: so not before the worker is
    /// to end.
    package func stop() {
        let descriptor = stopper.withLock { $0.take() }
        if let descriptor { close(descriptor) }
    }
}
