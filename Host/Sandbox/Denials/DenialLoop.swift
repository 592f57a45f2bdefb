import CLinux
import Glibc

/// The work of a listener's thread, from its start to the worker's end.
final class DenialLoop: Sendable {
    private let descriptor: Int32
    private let stop: Int32
    private let judge: DenialJudge
    private let limits: DenialListener.Limits
    private let report: @Sendable (Denial) -> Void

    /// Both descriptors are closed when nobody holds the loop any more.
    init(
        descriptor: Int32,
        stop: Int32,
        judge: DenialJudge,
        limits: DenialListener.Limits,
        report: @escaping @Sendable (Denial) -> Void
    ) {
        self.descriptor = descriptor
        self.stop = stop
        self.judge = judge
        self.limits = limits
        self.report = report
    }

    deinit {
        close(descriptor)
        close(stop)
    }

    func run() {
        prax_notify_hurry(descriptor)
        var calls = TokenBucket(perSecond: limits.callsPerSecond, burst: limits.callsPerSecond, now: Self.now())
        var reports = DenialReports(perSecond: limits.reportsPerSecond, now: Self.now(), deliver: report)
        while waitForCall() {
            var call = prax_notification()
            let result = prax_notify_receive(descriptor, &call)
            if result == ENOENT || result == EINTR { continue }
            guard result == 0 else { break }
            guard calls.take(now: Self.now()) || waitForTurn(&calls) else { break }
            let verdict = judge.judge(call)
            // Read of a process that is not there, or of a call that was interrupted: nothing was refused.
            let isWaiting = prax_notify_is_waiting(descriptor, call.id) != 0
            answer(call, verdict.answer)
            if isWaiting, let denial = verdict.denial() { reports.add(denial, now: Self.now()) }
        }
        reports.flush()
    }

    /// A call that is not there any more needs no answer.
    private func answer(_ call: prax_notification, _ answer: DenialJudge.Verdict.Answer) {
        switch answer {
        case .pass: _ = prax_notify_answer(descriptor, call.id, 0)
        case .refuse(let number): _ = prax_notify_answer(descriptor, call.id, number)
        case .give(let file, let closesOnExec):
            let result = prax_notify_give(descriptor, call.id, file, closesOnExec ? 1 : 0)
            close(file)
            if result != 0 { _ = prax_notify_answer(descriptor, call.id, result) }
        }
    }

    /// False when the worker is gone or the listener is to stop.
    private func waitForCall() -> Bool {
        var ends = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: stop, events: 0, revents: 0),
        ]
        while poll(&ends, 2, -1) < 0 {
            guard errno == EINTR else { return false }
        }
        return ends[1].revents == 0 && Int32(ends[0].revents) & POLLIN != 0
    }

    /// Lets the worker wait until it may cost the host something again.
    ///
    /// False when the listener is to stop.
    private func waitForTurn(_ calls: inout TokenBucket) -> Bool {
        while true {
            let wait = calls.wait(now: Self.now())
            if wait == 0 { return calls.take(now: Self.now()) }
            var end = pollfd(fd: stop, events: 0, revents: 0)
            let result = poll(&end, 1, wait)
            guard result == 0 || (result < 0 && errno == EINTR) else { return false }
        }
    }

    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
