import Synchronization

/// Lets so many calls at a time into a plugin; the others wait in order.
///
/// One into a plugin that did not declare itself concurrent; in any case fewer than there are threads, so that a plugin
/// that hangs does not hold them all.
final class CallGate: Sendable {
    private struct State: ~Copyable {
        var inside = 0
        var waiting: [(@Sendable () -> Void)?] = []
        var head = 0

        mutating func next() -> (@Sendable () -> Void)? {
            guard head < waiting.count else {
                inside -= 1
                return nil
            }
            let body = waiting[head]
            waiting[head] = nil
            head += 1
            if head == waiting.count || head >= 256 {
                waiting.removeFirst(head)
                head = 0
            }
            return body
        }
    }

    private let width: Int
    private let state = Mutex(State())

    init(width: Int) { self.width = width }

    /// Runs `enter` now when there is a place, otherwise when it is this call's turn.
    func enter(_ enter: @escaping @Sendable () -> Void) {
        let isFree = state.withLock { state in
            if state.inside == width {
                state.waiting.append(enter)
                return false
            }
            state.inside += 1
            return true
        }
        if isFree { enter() }
    }

    /// A call inside has ended.
    func leave() { state.withLock { $0.next() }?() }
}
