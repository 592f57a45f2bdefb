import PluginRuntime
import Synchronization

/// The calls a worker holds, and how far each is.
final class WorkerCalls: Sendable {
    private struct Entry {
        let call: WorkerCall
        let events: WireEvents?
        /// The host has given it up and hears of its release alone.
        var isCancelled = false
        /// When the plugin ended it although it still holds a thread or its slot.
        var endedAt: UInt64?
    }

    private let entries = Mutex<[UInt32: Entry]>([:])

    func add(_ number: UInt32, _ call: WorkerCall, _ events: WireEvents?) {
        entries.withLock { $0[number] = Entry(call: call, events: events) }
    }

    func events(_ number: UInt32) -> WireEvents? { entries.withLock { $0[number]?.events } }

    /// The plugin ended it; whether the host must be told.
    func ended(_ number: UInt32) -> Bool {
        entries.withLock { entries in
            guard let entry = entries[number], !entry.isCancelled else { return false }
            entries[number]?.endedAt = MonotonicClock.now()
            return true
        }
    }

    /// The host gave it up; nil when the plugin has ended it already.
    func cancelled(_ number: UInt32) -> WorkerCall? {
        entries.withLock { entries in
            guard let entry = entries[number], entry.endedAt == nil, !entry.isCancelled else { return nil }
            entries[number]?.isCancelled = true
            return entry.call
        }
    }

    /// The plugin holds nothing of it any more; whether the host must be told.
    func released(_ number: UInt32) -> Bool {
        entries.withLock { $0.removeValue(forKey: number) }?.isCancelled ?? false
    }

    /// How many calls are open, and for how long the longest has been held after its end, in milliseconds.
    func standing(at now: UInt64) -> (open: Int, lingeringMilliseconds: Int) {
        entries.withLock { entries in
            let ended = entries.values.compactMap(\.endedAt)
            return (entries.count, ended.map { Int((now &- $0) / 1_000_000) }.max() ?? 0)
        }
    }
}
