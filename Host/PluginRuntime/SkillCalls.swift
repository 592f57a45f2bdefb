import CPraximous
package import Core
import PraximousJSON
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

    /// Calls `operation`.
    ///
    /// Ends after `timeout` whatever the plugin does, and at once when the task is cancelled.
    package func call(
        _ instance: PluginInstance,
        operation: String,
        parameters: [UInt8],
        context: CallContext,
        timeout: Duration,
        events: (any EventSink)? = nil
    ) async -> CallOutcome {
        let deadline = MonotonicClock.deadline(in: timeout)
        let begun = Mutex(Begun())
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter = CallWaiter.callback { outcome in
                    continuation.resume(returning: instance.checked(outcome, context))
                }
                guard instance.admit() else {
                    return continuation.resume(returning: .failure(instance.isRetired ? .pluginGone : .tooManyCalls))
                }
                guard let slot = CallTable.shared.takeSlot() else {
                    instance.dismiss()
                    return continuation.resume(returning: .failure(.tooManyCalls))
                }
                slot.pointee.context = context
                slot.pointee.events = events
                slot.pointee.waiter = waiter
                let instanceReference = Unmanaged.passUnretained(instance)
                let call = CallTable.shared.begin(slot, instance: instanceReference, deadline: deadline)
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

    /// A caller for the thread that uses it; nil when the plugin takes one call at a time, is on its way out, or
    /// every slot is taken.
    package func inlineCaller(of instance: PluginInstance) -> InlineCaller? {
        InlineCaller(instance, watch: watch)
    }

    private func start(_ call: prax_call, of instance: PluginInstance, operation: String, parameters: [UInt8]) {
        guard !instance.entersAtOnce else { return Self.enter(call, of: instance, operation, parameters) }
        instance.enter { [threads] in
            let isQueued = threads.submit {
                defer { instance.leaveThread() }
                Self.enter(call, of: instance, operation, parameters)
            }
            guard !isQueued else { return }
            defer { instance.leaveThread() }
            CallTable.shared.hostEnds(call, .cancelled, .tooManyCalls)
            CallTable.shared.entryReturned(call, status(PRAX_E_BUSY))
        }
    }

    /// Runs the entry function on this thread, unless nobody waits for the call any more.
    private static func enter(
        _ call: prax_call,
        of instance: PluginInstance,
        _ operation: String,
        _ parameters: [UInt8]
    ) {
        guard CallTable.shared.mayStart(call) else {
            CallTable.shared.entryReturned(call, status(PRAX_E_CANCELLED))
            return
        }
        let returned = parameters.withUnsafeBufferPointer {
            instance.execute(call, operation: operation, parameters: $0)
        }
        CallTable.shared.entryReturned(call, returned)
    }
}

extension PluginInstance {
    /// The outcome, its result checked to be one JSON value: it will stand unread inside an answer.
    func checked(_ outcome: CallOutcome, _ context: CallContext) -> CallOutcome {
        guard case .result(let bytes) = outcome else { return outcome }
        let isJSON = bytes.withUnsafeBufferPointer { (try? JSON.validate($0)) != nil }
        if isJSON { return outcome }
        reportMisbehaviour(CallState.Misbehaviour.notJSON.rawValue, requestID: context.requestID)
        return .failure(.notJSON)
    }
}

extension Failure {
    package static let pluginGone = Failure(
        .unavailable,
        code: "plugin_unavailable",
        message: "The skill is being replaced or removed.",
        hint: "Try again."
    )
    package static let tooManyCalls = Failure(
        .busy,
        code: "too_many_calls",
        message: "Too many calls are in flight.",
        hint: "Try again in a moment.",
        retryAfterMilliseconds: 1000
    )
}
