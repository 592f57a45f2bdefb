internal import Glibc
internal import Synchronization

// Unchecked: the mutex and the condition live at one address until deinit, and guard the rest.
/// What a plugin has to do later, on one thread of its own, which starts with the first of it.
public final class Timers: @unchecked Sendable {
    /// Names what was put off, to call it off.
    public struct Entry: Sendable, Hashable {
        let number: UInt64
    }

    private struct Due {
        let nanoseconds: UInt64
        let body: @Sendable () -> Void
    }

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var due: [UInt64: Due] = [:]
    private var last: UInt64 = 0
    private var thread: pthread_t?
    /// What the thread sleeps for; nil while it sleeps for ever or not at all.
    private var wakesAt: UInt64?
    private var isStopped = false

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Runs `body` once after so long, unless it is called off or the plugin's instance goes before.
    @discardableResult
    public func after(milliseconds: Int, _ body: @escaping @Sendable () -> Void) -> Entry {
        let moment = Self.now() + UInt64(max(milliseconds, 0)) * 1_000_000
        return locked {
            last += 1
            guard !isStopped, startThread() else { return Entry(number: last) }
            due[last] = Due(nanoseconds: moment, body: body)
            if moment < wakesAt ?? .max { pthread_cond_signal(condition) }
            return Entry(number: last)
        }
    }

    /// Calls it off; one that is running or over is left alone.
    public func cancel(_ entry: Entry) {
        // Freed outside the lock.
        let removed = locked { due.removeValue(forKey: entry.number) }
        withExtendedLifetime(removed) {}
    }

    /// Calls everything off and waits for the thread.
    func stop() {
        let (thread, forgotten) = locked {
            isStopped = true
            pthread_cond_signal(condition)
            defer { due = [:] }
            return (self.thread, due)
        }
        if let thread { pthread_join(thread, nil) }
        withExtendedLifetime(forgotten) {}
    }

    private func locked<Value>(_ body: () -> Value) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    private func startThread() -> Bool {
        if thread != nil { return true }
        var made = pthread_t()
        let context = Unmanaged.passRetained(self)
        let result = pthread_create(
            &made,
            nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Timers>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            context.toOpaque()
        )
        if result == 0 { thread = made } else { context.release() }
        return result == 0
    }

    private func run() {
        while let body = next() { body() }
    }

    /// Sleeps until something is due; nil when stopped.
    private func next() -> (@Sendable () -> Void)? {
        locked {
            while !isStopped {
                let first = due.min { $0.value.nanoseconds < $1.value.nanoseconds }
                if let first, first.value.nanoseconds <= Self.now() {
                    due[first.key] = nil
                    return first.value.body
                }
                wakesAt = first?.value.nanoseconds
                if let wakesAt {
                    var moment = timespec(
                        tv_sec: Int(wakesAt / 1_000_000_000),
                        tv_nsec: Int(wakesAt % 1_000_000_000)
                    )
                    pthread_cond_timedwait(condition, mutex, &moment)
                } else {
                    pthread_cond_wait(condition, mutex)
                }
                wakesAt = nil
            }
            return nil
        }
    }

    private static func now() -> UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }
}
