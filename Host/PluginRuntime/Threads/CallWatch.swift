import Synchronization

/// The one thread that ends calls at their deadlines and adds call threads when jobs wait behind slow plugins.
///
/// It sleeps until the earliest deadline it knows of, so a stream of quick calls with far deadlines never wakes it.
final class CallWatch: Sendable {
    /// How long after its deadline a pending call may hold its slot.
    private static let abandonAfterNanoseconds: UInt64 = 60_000_000_000

    private let threads: CallThreads
    private let next = Atomic<UInt64>(.max)
    private let wake = Semaphore()

    init(threads: CallThreads) {
        self.threads = threads
        DetachedThread.start(named: "prax-watch") { [self] in
            while true { tick() }
        }
    }

    /// Makes sure the watch looks again no later than at `moment`.
    func look(at moment: UInt64) {
        var known = next.load(ordering: .relaxed)
        while moment < known {
            let (exchanged, original) = next.weakCompareExchange(
                expected: known,
                desired: moment,
                ordering: .relaxed
            )
            if exchanged { return wake.signal() }
            known = original
        }
    }

    private func tick() {
        wake.wait(until: next.load(ordering: .relaxed))
        // Deadlines registered from here on signal again; those before are seen by the scan.
        next.store(.max, ordering: .sequentiallyConsistent)
        var earliest = CallTable.shared.expire(
            now: MonotonicClock.now(),
            abandonAfter: Self.abandonAfterNanoseconds
        )
        if threads.relieve() { earliest = min(earliest, MonotonicClock.now() &+ 5_000_000) }
        look(at: earliest)
    }
}
