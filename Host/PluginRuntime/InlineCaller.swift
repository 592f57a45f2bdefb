import CPraximous
import Core

/// Calls one plugin on the calling thread, which may block until the deadline: no queue, no hop.
///
/// It keeps its place in the call table from call to call.
///
/// Not Sendable: one thread at a time.
package final class InlineCaller {
    private let instance: PluginInstance
    private let slot: UnsafeMutablePointer<CallSlot>
    private let watch: CallWatch

    init?(_ instance: PluginInstance, watch: CallWatch) {
        guard instance.isConcurrent, instance.admit() else { return nil }
        guard let slot = CallTable.shared.takeSlot() else {
            instance.dismiss()
            return nil
        }
        self.instance = instance
        self.slot = slot
        self.watch = watch
    }

    deinit {
        slot.pointee.result.free()
        CallTable.shared.giveBack(slot)
        instance.dismiss()
    }

    /// The context of the calls from here on.
    package var context: CallContext {
        get { slot.pointee.context }
        set { slot.pointee.context = newValue }
    }

    /// Runs one call.
    ///
    /// `deadline` is in nanoseconds of CLOCK_MONOTONIC. The outcome is lent until the next call.
    package func call(
        operation: String,
        parameters: UnsafeBufferPointer<UInt8>,
        deadline: UInt64
    ) -> InlineOutcome {
        let reference = Unmanaged.passUnretained(instance)
        let call = CallTable.shared.begin(slot, instance: reference, deadline: deadline, as: .begunInline)
        watch.look(at: deadline)
        let returned = instance.execute(call, operation: operation, parameters: parameters)
        return CallTable.shared.inlineReturned(slot, call, returned)
    }

    /// Runs one call and copies its outcome, the result checked to be one JSON value.
    package func checkedCall(operation: String, parameters: [UInt8], timeout: Duration) -> CallOutcome {
        let deadline = MonotonicClock.deadline(in: timeout)
        let outcome = parameters.withUnsafeBufferPointer {
            call(operation: operation, parameters: $0, deadline: deadline)
        }
        return switch outcome {
        case .result(let bytes): instance.checked(.result(Array(bytes)), context)
        case .failure(let failure): .failure(failure)
        }
    }
}
