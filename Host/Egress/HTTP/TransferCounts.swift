import Synchronization

/// How many transfers are open, in all and by owner.
final class TransferCounts: Sendable {
    private struct State {
        var count = 0
        var countByOwner: [String: Int] = [:]
    }

    private let maxTransfers: Int
    private let state = Mutex(State())

    init(maxTransfers: Int) { self.maxTransfers = maxTransfers }

    func enter(_ policy: HTTPPolicy) throws(HTTPError) {
        try state.withLock { state throws(HTTPError) in
            guard state.count < maxTransfers else { throw .tooManyTransfers(limit: maxTransfers) }
            let own = state.countByOwner[policy.owner, default: 0]
            guard own < policy.maxTransfers else { throw .tooManyTransfers(limit: policy.maxTransfers) }
            state.count += 1
            state.countByOwner[policy.owner] = own + 1
        }
    }

    func leave(_ owner: String) {
        state.withLock { state in
            state.count -= 1
            let rest = (state.countByOwner[owner] ?? 1) - 1
            state.countByOwner[owner] = rest > 0 ? rest : nil
        }
    }

    var open: Int { state.withLock { $0.count } }
}
