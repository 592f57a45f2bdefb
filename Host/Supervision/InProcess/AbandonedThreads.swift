import Synchronization

/// How many threads of the host are held by calls of plugins inside it that have long been answered: no thread can be
/// taken away from the code that runs on it, so they are lost until it comes back or the host ends.
package final class AbandonedThreads: Sendable {
    private struct State {
        var count = 0
        var hasBeenTold = false
        var tell: (@Sendable (_ count: Int) -> Void)?
    }

    /// So many the host can spare.
    package let max: Int
    private let state = Mutex(State())

    init(max: Int) { self.max = max }

    package var count: Int { state.withLock { $0.count } }

    /// Names who hears, once, of there being more than the host can spare; on any thread, and soon over.
    package func onTooMany(_ body: @escaping @Sendable (_ count: Int) -> Void) { state.withLock { $0.tell = body } }

    func lose() {
        let told = state.withLock { state -> (count: Int, tell: @Sendable (Int) -> Void)? in
            state.count += 1
            guard state.count > max, !state.hasBeenTold, let tell = state.tell else { return nil }
            state.hasBeenTold = true
            return (state.count, tell)
        }
        if let told { told.tell(told.count) }
    }

    /// A call came back after all.
    func getBack() {
        state.withLock { state in
            state.count -= 1
            if state.count <= max { state.hasBeenTold = false }
        }
    }
}
