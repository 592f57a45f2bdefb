import CPraximous
import Glibc
import Synchronization

/// The one callback that a plugin may register to hear of a call's cancellation.
enum CancelCallback {
    /// Runs the registered callback, if any, outside the lock.
    ///
    /// True when the callback has ended the call and the caller must release it, once it is no reader any more.
    static func run(_ call: prax_call, _ table: CallTable) -> Bool {
        // Counted as a reader all the while: the slot must not serve another call before the callback is back.
        table.withOpen(call) { slot, _ in
            let callback = slot.pointee.extras.withLock { extras -> PluginCallback? in
                guard let callback = extras.onCancel else { return nil }
                extras.onCancel = nil
                extras.cancelThread = pthread_self()
                return callback
            }
            guard let callback else { return false }
            callback.run()
            return slot.pointee.extras.withLock { extras in
                extras.cancelThread = nil
                defer { extras.isReleaseDue = false }
                return extras.isReleaseDue
            }
        } ?? false
    }

    /// Whether this thread is inside the call's cancel callback, so that the release has to wait for its return.
    static func defersRelease(_ slot: UnsafeMutablePointer<CallSlot>) -> Bool {
        slot.pointee.extras.withLock { extras in
            guard let thread = extras.cancelThread, pthread_equal(thread, pthread_self()) != 0 else { return false }
            extras.isReleaseDue = true
            return true
        }
    }

    /// Registers or, with nil, clears the callback.
    ///
    /// After a clearing return it neither runs nor will run.
    static func set(_ callback: PluginCallback?, for call: prax_call, _ table: CallTable) -> prax_status {
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
                if run(call, table) { table.releaseAfterCallback(call) }
                return status(PRAX_OK)
            case .wait: sched_yield()
            }
        }
    }
}
