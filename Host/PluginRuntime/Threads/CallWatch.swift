/// The one thread that ends calls at their deadlines and adds call threads when jobs wait behind slow plugins.
///
/// It sleeps until the earliest deadline it knows of, so a stream of quick calls with far deadlines never wakes it.
final class CallWatch: Sendable {
    /// How long after its deadline a call's thread may still run before its plugin counts as hung.
    private static let hangAfterNanoseconds: UInt64 = 1_000_000_000
    /// How long after its deadline a pending call may hold its slot.
    private static let abandonAfterNanoseconds: UInt64 = 60_000_000_000

    private let threads: CallThreads
    private let alarm = Alarm()

    init(threads: CallThreads) {
        self.threads = threads
        threads.onBacklog { [self] in look(at: MonotonicClock.now() &+ threads.patienceNanoseconds) }
        DetachedThread.start(named: "prax-watch") { [self] in
            while true { tick() }
        }
    }

    /// Makes sure the watch looks again no later than at `moment`.
    func look(at moment: UInt64) { alarm.set(to: moment) }

    private func tick() {
        alarm.wait()
        var earliest = expire(now: MonotonicClock.now())
        if threads.relieve() { earliest = min(earliest, MonotonicClock.now() &+ threads.patienceNanoseconds) }
        alarm.setByWaiter(to: earliest)
    }

    /// Ends what has passed its deadline; returns the earliest moment at which something is due again.
    private func expire(now: UInt64) -> UInt64 {
        var earliest = UInt64.max
        CallTable.shared.forEachInUse { call, state, deadline in
            let hang = deadline.addingClamped(Self.hangAfterNanoseconds)
            let abandon = deadline.addingClamped(Self.abandonAfterNanoseconds)
            if state.end == .none {
                guard deadline <= now else { return earliest = min(earliest, deadline) }
                CallTable.shared.hostEnds(call, .deadline, .deadlinePassed)
                earliest = min(earliest, hang)
            } else if state.isRunningOn {
                if hang <= now { CallTable.shared.noteHang(call) } else { earliest = min(earliest, hang) }
            } else if abandon <= now {
                CallTable.shared.abandon(call)
            } else {
                earliest = min(earliest, abandon)
            }
        }
        return earliest
    }
}
