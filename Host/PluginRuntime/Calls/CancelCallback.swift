import CPraximous
import Glibc
import Synchronization

/// The one callback that a plugin may register to hear of a call's cancellation.
enum CancelCallback {
    /// Runs the registered callback, if any, outside the lock.
    static func run(_ slot: UnsafeMutablePointer<CallSlot>, _ call: prax_call, _ table: CallTable) {
        // Counted as a reader: the call cannot be released while its callback is looked up.
        let callback = table.withOpen(call) { slot, _ in
            slot.pointee.extras.withLock { extras -> CallSlot.Callback? in
                guard let callback = extras.onCancel else { return nil }
                extras.onCancel = nil
                extras.cancelThread = pthread_self()
                return callback
            }
        }
        guard let callback = callback ?? nil else { return }
        callback.function(callback.context)
        slot.pointee.extras.withLock { $0.cancelThread = nil }
    }

    /// Registers or, with nil, clears the callback. After a clearing return it neither runs nor will run.
    static func set(_ callback: CallSlot.Callback?, for call: prax_call, _ table: CallTable) -> prax_status {
        enum Step {
            case done, runNow, wait
        }
        while true {
            let step = table.withOpen(call) { slot, _ -> Step in
                slot.pointee.hasExtras.store(true, ordering: .sequentiallyConsistent)
                return slot.pointee.extras.withLock { extras in
                    if let thread = extras.cancelThread, pthread_equal(thread, pthread_self()) == 0 { return .wait }
                    extras.onCancel = callback
                    // Looked at after registering: a cancellation from here on finds the callback.
                    let state = CallSlot.state(of: slot.pointee.word.load(ordering: .sequentiallyConsistent))
                    return callback != nil && state.isCancelled ? .runNow : .done
                }
            }
            switch step {
            case nil: return status(PRAX_E_NOT_FOUND)
            case .done: return status(PRAX_OK)
            case .runNow:
                if let slot = table.slot(of: call) { run(slot, call, table) }
                return status(PRAX_OK)
            case .wait: sched_yield()
            }
        }
    }
}
