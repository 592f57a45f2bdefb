import Glibc

/// A counting semaphore (sem_t) with a stable address.
///
/// @unchecked Sendable: sem_t is made for use from several threads; the pointer never changes.
package final class Semaphore: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    package init() { sem_init(semaphore, 0, 0) }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    package func signal() { sem_post(semaphore) }

    package func wait() {
        while sem_wait(semaphore) != 0 {}
    }

    /// Waits until signalled or until a moment of CLOCK_MONOTONIC.
    package func wait(until deadline: UInt64) {
        guard deadline != .max else { return wait() }
        let now = MonotonicClock.now()
        guard deadline > now else { return }
        var real = timespec()
        clock_gettime(CLOCK_REALTIME, &real)
        let total = UInt64(real.tv_nsec) &+ (deadline - now) % 1_000_000_000
        let seconds = (deadline - now) / 1_000_000_000 + total / 1_000_000_000
        real.tv_sec += Int(clamping: min(seconds, 86_400))
        real.tv_nsec = Int(total % 1_000_000_000)
        sem_timedwait(semaphore, &real)
    }
}
