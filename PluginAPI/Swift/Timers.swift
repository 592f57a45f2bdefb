internal import Glibc
internal import Synchronization

// Unchecked: the monitor guards all that changes.
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

    private let monitor = Monitor()
    private var due: [UInt64: Due] = [:]
    private var last: UInt64 = 0
    private var thread: pthread_t?
    /// What the thread sleeps for; nil while it sleeps for ever or not at all.
    private var wakesAt: UInt64?
    private var isStopped = false

    init() {}

    /// Runs `body` once after so long, unless it is called off or the plugin's instance goes before.
    @discardableResult
    public func after(milliseconds: Int, _ body: @escaping @Sendable () -> Void) -> Entry {
        let moment = Monitor.now() + UInt64(max(milliseconds, 0)) * 1_000_000
        return monitor.locked {
            last += 1
            guard !isStopped, startThread() else { return Entry(number: last) }
            due[last] = Due(nanoseconds: moment, body: body)
            if moment < wakesAt ?? .max { monitor.signal() }
            return Entry(number: last)
        }
    }

    /// Calls it off; one that is running or over is left alone.
    public func cancel(_ entry: Entry) {
        // Freed outside the lock.
        let removed = monitor.locked { due.removeValue(forKey: entry.number) }
        withExtendedLifetime(removed) {}
    }

    /// Calls everything off and waits for the thread.
    func stop() {
        let (thread, forgotten) = monitor.locked {
            isStopped = true
            monitor.signal()
            defer { due = [:] }
            return (self.thread, due)
        }
        if let thread { pthread_join(thread, nil) }
        withExtendedLifetime(forgotten) {}
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
        monitor.locked {
            while !isStopped {
                let first = due.min { $0.value.nanoseconds < $1.value.nanoseconds }
                if let first, first.value.nanoseconds <= Monitor.now() {
                    due[first.key] = nil
                    return first.value.body
                }
                wakesAt = first?.value.nanoseconds
                monitor.wait(untilNanoseconds: wakesAt)
                wakesAt = nil
            }
            return nil
        }
    }
}
