import Foundation

/// Runs work that blocks on a thread of its own, so that tests which wait for programs and sockets do not hold the few
/// threads on which Swift Testing runs them.
package enum Blocking {
    package static func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result(catching: work)) }
        }
    }
}
