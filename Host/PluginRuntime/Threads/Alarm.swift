import Synchronization

/// Wakes the one thread that waits on it at the earliest of the moments it was set to.
///
/// Moments are in nanoseconds of CLOCK_MONOTONIC. Setting it takes a load where an earlier moment is known already, so
/// a stream of calls with far deadlines never wakes the thread. Set from any thread; waited on by one.
package final class Alarm: Sendable {
    private let next = Atomic<UInt64>(.max)
    private let wake = Semaphore()

    package init() {}

    /// Makes sure the thread looks again no later than at `moment`.
    package func set(to moment: UInt64) {
        if lower(to: moment) { wake.signal() }
    }

    /// As ``set(to:)``, by the waiting thread itself: a signal would only wake that very thread, over and over.
    package func setByWaiter(to moment: UInt64) { _ = lower(to: moment) }

    /// Wakes the thread now, whatever it is set to.
    package func ring() { wake.signal() }

    /// Waits for the moment and forgets it: what is set from here on rings again, what was set before is seen by the
    /// look that follows.
    package func wait() {
        wake.wait(until: next.load(ordering: .relaxed))
        next.store(.max, ordering: .sequentiallyConsistent)
    }

    /// Whether the next look was to be later than that.
    private func lower(to moment: UInt64) -> Bool {
        // What is due was noted before this: either the waiter's look sees it, or this sees that look's `next`.
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        var known = next.load(ordering: .relaxed)
        while moment < known {
            let (exchanged, original) = next.weakCompareExchange(expected: known, desired: moment, ordering: .relaxed)
            if exchanged { return true }
            known = original
        }
        return false
    }
}
