internal import Synchronization

/// The replies that wait for a client, by number.
///
/// The host's callback carries a number and no pointer: one that comes when its call is over finds nothing, so nothing
/// has to be freed at the right moment, and nobody waits for a running callback.
enum CreditWaiters {
    private struct State {
        var last: UInt = 0
        var replies: [UInt: Reply] = [:]
    }

    private static let state = Mutex(State())

    static func add(_ reply: Reply) -> UInt {
        state.withLock { state in
            state.last += 1
            state.replies[state.last] = reply
            return state.last
        }
    }

    static func find(_ number: UnsafeMutableRawPointer?) -> Reply? {
        state.withLock { $0.replies[UInt(bitPattern: number)] }
    }

    static func remove(_ number: UInt) {
        // Let go of outside the lock: it may have been the last one.
        let reply = state.withLock { $0.replies.removeValue(forKey: number) }
        withExtendedLifetime(reply) {}
    }
}
