import PluginRuntime
import Synchronization

extension Worker {
    /// Does what is due and returns when something is due next, in nanoseconds of CLOCK_MONOTONIC.
    func tick(at now: UInt64) -> UInt64 {
        let (expired, isOverdue, actions) = life.withLock { life in
            (
                life.ledger.expired(at: now), life.ledger.isOverdue(at: now),
                life.vitals.due(at: now, hasCalls: life.ledger.count > 0)
            )
        }
        for number in expired { giveUp(number, isDeadline: true, .deadlinePassed) }
        if isOverdue { end(because: .timeout) }
        for action in actions { perform(action) }
        return life.withLock { $0.isKilled ? $0.ledger.nextDeadline : min($0.ledger.next, $0.vitals.next) }
    }

    private func perform(_ action: WorkerVitals.Action) {
        switch action {
        case .ping(let token):
            var writer = WireWriter()
            writer.integer(token)
            output.send(.ping, head: writer.bytes)
        case .sample:
            guard let sample = ProcessSample(of: process.id) else { return }
            if let fault = life.withLock({ $0.usage?.judge(sample) }) { end(because: fault) }
            guard let isFolderFull = plan.isFolderFull, life.withLock({ $0.beginScan() }) else { return }
            let isQueued = runtime.services.submit { [self] in
                let hidden = plan.services.dataFolder.map { HiddenFiles(of: process.id, in: $0) }
                let isFull = hidden?.isComplete == false || isFolderFull(hidden?.usedBytes ?? 0)
                if isFull { end(because: .disk) }
                life.withLock { $0.isScanning = false }
            }
            if !isQueued { life.withLock { $0.isScanning = false } }
        case .kill(let fault): end(because: fault)
        case .killLeaving: endNow()
        }
    }
}
