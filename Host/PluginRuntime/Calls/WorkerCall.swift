import CPraximous
import Core

/// A call that came to this process over a wire: the same table and threads of control as any other call, with the
/// ends of the wire in place of a waiting task.
package struct WorkerCall: Sendable {
    fileprivate let call: prax_call

    /// What the wire wants to hear, each at most once.
    package struct Listener: Sendable {
        /// How the call ended, on whichever thread ended it.
        package let ended: @Sendable (CallOutcome) -> Void
        /// The plugin holds nothing of the call any more.
        package let released: @Sendable () -> Void

        package init(
            ended: @escaping @Sendable (CallOutcome) -> Void,
            released: @escaping @Sendable () -> Void
        ) {
            self.ended = ended
            self.released = released
        }
    }

    /// Opens a call; nil when there is no place for one more.
    package static func begin(
        _ instance: PluginInstance,
        context: CallContext,
        deadline: UInt64,
        events: (any EventSink)?,
        listener: Listener
    ) -> WorkerCall? {
        guard instance.admit() else { return nil }
        guard let slot = CallTable.shared.takeSlot() else {
            instance.dismiss()
            return nil
        }
        slot.pointee.context = context
        slot.pointee.events = events
        slot.pointee.waiter = .callback(listener.ended)
        slot.pointee.onRelease = listener.released
        return WorkerCall(
            call: CallTable.shared.begin(slot, instance: Unmanaged.passUnretained(instance), deadline: deadline)
        )
    }

    /// Runs the plugin's entry function on this thread, unless nobody waits for the call any more.
    package func run(
        _ instance: PluginInstance,
        operation: String,
        parameters: UnsafeBufferPointer<UInt8>
    ) {
        defer { instance.leaveThread() }
        guard CallTable.shared.mayStart(call) else {
            CallTable.shared.entryReturned(call, status(PRAX_E_CANCELLED))
            return
        }
        let returned = instance.execute(call, operation: operation, parameters: parameters)
        CallTable.shared.entryReturned(call, returned)
    }

    /// Ends the call for the host; `runLater` takes the plugin's cancel callback to a thread for plugin code.
    ///
    /// Returns whether the plugin has begun with it, and so holds something of it until the listener hears otherwise.
    package func cancel(isDeadline: Bool, runLater: (@escaping @Sendable () -> Void) -> Void) -> Bool {
        withoutActuallyEscaping(runLater) { runLater in
            CallTable.shared.hostEnds(
                call,
                isDeadline ? .deadline : .cancelled,
                isDeadline ? .deadlinePassed : .callCancelled,
                runLater: runLater
            )
        }
        return CallTable.shared.hasBegun(call)
    }
}
