import Synchronization

/// The circuit breakers of all provider entries, by name; they outlive a change of the file.
package final class BreakerBook: Sendable {
    private let breakers = Mutex<[String: CircuitBreaker]>([:])

    package init() {}

    /// Whether calls of this entry should go elsewhere.
    package func isOpen(_ provider: String, at now: UInt64) -> Bool {
        breakers.withLock { $0[provider]?.isOpen(at: now) ?? false }
    }

    /// 0 when calls pass, 1 while they go elsewhere, 2 while the next one or the one under way decides.
    package func state(of provider: String, at now: UInt64) -> Int {
        breakers.withLock { $0[provider]?.condition(at: now).rawValue ?? CircuitBreaker.Condition.closed.rawValue }
    }

    func begin(_ provider: String, at now: UInt64, _ settings: BreakerSettings) -> CircuitBreaker.Pass {
        breakers.withLock { $0[provider, default: CircuitBreaker()].begin(at: now, settings) }
    }

    func end(
        _ provider: String,
        _ pass: CircuitBreaker.Pass,
        _ verdict: CircuitBreaker.Verdict,
        at now: UInt64,
        _ settings: BreakerSettings
    ) {
        breakers.withLock { $0[provider, default: CircuitBreaker()].end(pass, verdict, at: now, settings) }
    }
}
