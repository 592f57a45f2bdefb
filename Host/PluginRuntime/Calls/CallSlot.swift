import CPraximous
import Core
import Glibc
import Synchronization

/// What a transition leaves to do once the slot's lock is open again.
struct FinishedEntry {
    var delivered: CallOutcome?
    var inlineOutcome: CallOutcome?
    var waiter: CallWaiter?
    var instance: PluginInstance?
    var events: EventQueue?
    var requestID = ""
    var misbehaviour: String?
    var isReleased = false
}

/// A place for one call; reused, told apart by its generation.
final class CallSlot: Sendable {
    /// A C callback with its context, as the plugin registered it.
    ///
    /// @unchecked Sendable: by the header such a callback may run on any of the host's threads.
    struct Callback: @unchecked Sendable {
        let function: @convention(c) (UnsafeMutableRawPointer?) -> Void
        let context: UnsafeMutableRawPointer?
    }

    /// @unchecked Sendable: only ever touched under the slot's lock; `contextText` is freed there, too.
    struct Entry: @unchecked Sendable {
        var state = CallState()
        var generation: UInt32 = 0
        var deadline: UInt64 = 0
        var instance: PluginInstance?
        var context: CallContext?
        var contextText: UnsafeMutableBufferPointer<UInt8>?
        var events: EventQueue?
        var waiter: CallWaiter = .inline
        var inlineOutcome: CallOutcome?
        var onCancel: Callback?
        /// The thread that runs the cancel callback right now.
        var cancelThread: pthread_t?

        func matches(_ call: prax_call) -> Bool { generation == UInt32(truncatingIfNeeded: call.id >> 32) }

        mutating func takeInlineOutcome() -> CallOutcome? {
            defer { inlineOutcome = nil }
            return inlineOutcome
        }

        /// Moves out of the entry what the action needs after the lock.
        mutating func take(_ action: CallState.Action) -> FinishedEntry {
            var finished = FinishedEntry(misbehaviour: action.misbehaviour, isReleased: action.release)
            if let outcome = action.deliver {
                finished.delivered = outcome
                if case .inline = waiter, !action.release { inlineOutcome = outcome } else { finished.waiter = waiter }
                if case .inline = waiter, action.release { finished.inlineOutcome = outcome }
                finished.events = events
            }
            guard action.release || action.misbehaviour != nil else { return finished }
            finished.instance = instance
            finished.requestID = context?.requestID ?? ""
            if action.release { clear() }
            return finished
        }

        private mutating func clear() {
            state.isInUse = false
            instance = nil
            context = nil
            events = nil
            waiter = .inline
            onCancel = nil
            contextText?.deallocate()
            contextText = nil
        }
    }

    let lock = Mutex(Entry())

    /// Runs the registered cancel callback, if any, outside the lock.
    func runCancelCallback(_ call: prax_call) {
        let callback = lock.withLock { entry -> Callback? in
            guard entry.matches(call), entry.state.isOpen, let callback = entry.onCancel else { return nil }
            entry.onCancel = nil
            entry.cancelThread = pthread_self()
            return callback
        }
        guard let callback else { return }
        callback.function(callback.context)
        lock.withLock { $0.cancelThread = nil }
    }

    /// Registers or, with nil, clears the cancel callback. After a clearing return it neither runs nor will run.
    func setCancelCallback(_ callback: Callback?, for call: prax_call) -> prax_status {
        enum Step {
            case refused, done, runNow, wait
        }
        while true {
            let step = lock.withLock { entry -> Step in
                guard entry.matches(call), entry.state.isOpen else { return .refused }
                if let thread = entry.cancelThread, pthread_equal(thread, pthread_self()) == 0 { return .wait }
                entry.onCancel = callback
                return callback != nil && entry.state.isCancelled ? .runNow : .done
            }
            switch step {
            case .refused: return status(PRAX_E_NOT_FOUND)
            case .done: return status(PRAX_OK)
            case .runNow:
                runCancelCallback(call)
                return status(PRAX_OK)
            case .wait: sched_yield()
            }
        }
    }
}
