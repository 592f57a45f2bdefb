import Access
import Core
import Synchronization

/// Ends streamed answers whose key was revoked, or has expired, since they began.
///
/// One look for all streams costs less than a timer for each.
final class KeyWatch: Sendable {
    private struct Stream {
        let keyID: String
        let cancel: @Sendable () -> Void
    }

    private struct State {
        var streams: [UInt64: Stream] = [:]
        var lastNumber: UInt64 = 0
    }

    private let authenticator: Authenticator
    private let state = Mutex(State())

    init(_ authenticator: Authenticator) { self.authenticator = authenticator }

    /// Watches until ``end(_:)``; `cancel` is called once at most for each look, from another task.
    func begin(_ principal: Result<Principal, Failure>, cancel: @escaping @Sendable () -> Void) -> UInt64? {
        guard case .success(let principal) = principal else { return nil }
        return state.withLock { state in
            state.lastNumber += 1
            state.streams[state.lastNumber] = Stream(keyID: principal.keyID, cancel: cancel)
            return state.lastNumber
        }
    }

    func end(_ number: UInt64?) {
        guard let number else { return }
        state.withLock { $0.streams[number] = nil }
    }

    /// Called every second.
    func look() {
        let streams = state.withLock { Array($0.streams.values) }
        let over = Set(streams.map(\.keyID)).filter { !authenticator.isAccepted(keyID: $0) }
        if over.isEmpty { return }
        for stream in streams where over.contains(stream.keyID) { stream.cancel() }
    }
}
