import Glibc
import PluginRuntime
import Synchronization

extension Worker {
    /// No new calls; those under way are finished, then the process goes.
    package func drain() {
        let now = MonotonicClock.now()
        let isEmpty = life.withLock { life in
            life.isLeaving = true
            life.vitals.drain(at: now)
            return life.ledger.drain()
        }
        var writer = WireWriter()
        writer.integer(now.addingClamped(runtime.settings.drainTimeout.nanoseconds))
        output.send(.drain, head: writer.bytes)
        if isEmpty { output.send(.bye) }
        runtime.clock.look(at: 0)
    }

    /// Ends the process now, whatever it is at.
    package func endNow() {
        life.withLock { life in
            life.isLeaving = true
            life.isKilled = true
        }
        process.kill()
    }

    /// Waits until its process is gone, at most so long; whether it is.
    package func waitForEnd(_ limit: Duration) -> Bool {
        let deadline = MonotonicClock.deadline(in: limit)
        while !life.withLock({ $0.vitals.phase == .ended }) {
            guard MonotonicClock.now() < deadline else { return false }
            // Looks again and again: this is only at the end of a host, and the listener is somebody else's.
            usleep(2000)
        }
        return true
    }
}
