import Synchronization

/// Lets one call at a time into a plugin that did not declare itself concurrent; the others wait in order.
final class SerialGate: Sendable {
    private struct State: ~Copyable {
        var isTaken = false
        var waiting: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    /// Runs `enter` now when the gate is free, otherwise when it is this call's turn.
    func enter(_ enter: @escaping @Sendable () -> Void) {
        let isFree = state.withLock { state in
            if state.isTaken {
                state.waiting.append(enter)
                return false
            }
            state.isTaken = true
            return true
        }
        if isFree { enter() }
    }

    /// The call inside has ended.
    func leave() {
        let next = state.withLock { state -> (@Sendable () -> Void)? in
            guard !state.waiting.isEmpty else {
                state.isTaken = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?()
    }
}
