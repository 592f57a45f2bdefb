import Foundation

/// A state behind a lock, with a condition that one thread sleeps on; steady time, so a changed clock cannot stretch
/// the sleep.
///
/// `Mutex` has no condition, and Foundation's sleeps by the wall clock.
package final class Monitor<State>: @unchecked Sendable {
    // Sendable because `state` is touched only between lock and unlock, and the two primitives never move.
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var state: State

    package init(_ state: sending State) {
        self.state = state
        pthread_mutex_init(lock, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        #if os(Linux)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        #endif
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(lock)
        condition.deallocate()
        lock.deallocate()
    }

    package func withLock<Value>(_ body: (inout State) -> Value) -> Value {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return body(&state)
    }

    /// Wakes the sleeping thread.
    package func wake() { pthread_cond_signal(condition) }

    /// Runs `body` until it answers something; in between sleeps, to be woken or until the time it names.
    package func await<Value>(_ body: (inout State) -> Sleep<Value>) -> Value {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while true {
            switch body(&state) {
            case .done(let value): return value
            case .until(let time): sleep(until: time)
            }
        }
    }

    package enum Sleep<Value> {
        case done(Value)
        case until(UInt64?)
    }

    private func sleep(until time: UInt64?) {
        guard let time else {
            pthread_cond_wait(condition, lock)
            return
        }
        #if os(Linux)
        var wake = timespec(tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000))
        pthread_cond_timedwait(condition, lock, &wake)
        #else
        let left = time - min(time, SteadyClock.now())
        var rest = timespec(tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
        pthread_cond_timedwait_relative_np(condition, lock, &rest)
        #endif
    }
}

package enum SteadyClock {
    /// Nanoseconds since some moment; never goes back.
    package static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
