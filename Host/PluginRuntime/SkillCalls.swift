import CPraximous
import Core
import Synchronization

/// Runs calls of in-process plugins on threads of their own and brings the outcome back to the waiting task.
package final class SkillCalls: Sendable {
    /// A call that the cancelled task can name, once it has begun.
    private struct Begun {
        var call: prax_call?
        var isCancelled = false
    }

    private let threads: CallThreads
    private let watch: CallWatch

    package init() {
        threads = CallThreads()
        watch = CallWatch(threads: threads)
    }

    /// Calls `operation`. Ends after `timeout` whatever the plugin does, and at once when the task is cancelled.
    package func call(
        _ instance: PluginInstance,
        operation: String,
        parameters: [UInt8],
        context: CallContext,
        timeout: Duration,
        events: EventQueue? = nil
    ) async -> CallOutcome {
        let deadline = MonotonicClock.deadline(in: timeout)
        let begun = Mutex(Begun())
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter = CallWaiter.callback { continuation.resume(returning: $0) }
                guard instance.admit() else { return continuation.resume(returning: .failure(.pluginGone)) }
                guard
                    let call = CallTable.shared.begin(
                        instance: instance,
                        context: context,
                        deadline: deadline,
                        events: events,
                        waiter: waiter
                    )
                else {
                    instance.dismiss()
                    return continuation.resume(returning: .failure(.tooManyCalls))
                }
                start(call, of: instance, operation: operation, parameters: parameters)
                watch.look(at: deadline)
                let isCancelled = begun.withLock { begun in
                    begun.call = call
                    return begun.isCancelled
                }
                if isCancelled { CallTable.shared.hostEnds(call, .cancelled, .callCancelled) }
            }
        } onCancel: {
            let call = begun.withLock { begun in
                begun.isCancelled = true
                return begun.call
            }
            if let call { CallTable.shared.hostEnds(call, .cancelled, .callCancelled) }
        }
    }

    /// Runs a call on the calling thread: for plugins that are known to be quick, and to measure the bare ABI.
    package func callInline(
        _ instance: PluginInstance,
        operation: String,
        parameters: UnsafeBufferPointer<UInt8>,
        context: CallContext,
        timeout: Duration
    ) -> CallOutcome {
        guard instance.admit() else { return .failure(.pluginGone) }
        let deadline = MonotonicClock.deadline(in: timeout)
        guard
            let call = CallTable.shared.begin(
                instance: instance,
                context: context,
                deadline: deadline,
                events: nil,
                waiter: .inline
            )
        else {
            instance.dismiss()
            return .failure(.tooManyCalls)
        }
        watch.look(at: deadline)
        return instance.execute(call, operation: operation, parameters: parameters)
            ?? .failure(Failure(.internal, code: "plugin_misbehaved", message: "The skill put off a quick call."))
    }

    private func start(_ call: prax_call, of instance: PluginInstance, operation: String, parameters: [UInt8]) {
        instance.enter { [threads] in
            let isQueued = threads.submit {
                parameters.withUnsafeBufferPointer {
                    _ = instance.execute(call, operation: operation, parameters: $0)
                }
            }
            guard !isQueued else { return }
            CallTable.shared.hostEnds(call, .cancelled, .tooManyCalls)
            _ = CallTable.shared.entryReturned(call, status(PRAX_E_BUSY))
        }
    }
}

extension Failure {
    static let pluginGone = Failure(
        .unavailable,
        code: "plugin_unavailable",
        message: "The skill is being replaced or removed.",
        hint: "Try again."
    )
    static let tooManyCalls = Failure(
        .busy,
        code: "too_many_calls",
        message: "Too many calls are in flight.",
        hint: "Try again in a moment.",
        retryAfterMilliseconds: 1000
    )
}
