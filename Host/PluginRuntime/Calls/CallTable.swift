import CPraximous
package import Core
import Glibc
import PraximousJSON
import Synchronization

/// What a call is about, for logs and for the plugin's `context`.
package struct CallContext: Sendable {
    package let requestID: String
    package let keyID: String?

    package init(requestID: String, keyID: String? = nil) {
        self.requestID = requestID
        self.keyID = keyID
    }
}

/// Where a call's outcome goes.
enum CallWaiter: Sendable {
    /// Nobody to wake: the thread that runs the entry function looks when it returns.
    case inline
    case callback(@Sendable (CallOutcome) -> Void)
}

/// The calls in flight. A plugin knows one by a 64-bit handle, slot number and generation, so a stale handle is an
/// error code and never a wild pointer.
///
/// One table for the process, because the functions of `prax.host.call/1` get the handle alone: a handle must mean
/// the same call whichever host object asked for it.
final class CallTable: Sendable {
    static let shared = CallTable(capacity: 4096)

    /// The largest result a plugin may hand over.
    static let maxResultBytes = 16 << 20

    private let slots: ContiguousArray<CallSlot>
    private let free: Mutex<ContiguousArray<UInt32>>

    init(capacity: Int) {
        slots = ContiguousArray((0..<capacity).map { _ in CallSlot() })
        free = Mutex(ContiguousArray((0..<UInt32(capacity)).reversed()))
    }

    /// Opens a call; nil when every slot is taken.
    func begin(
        instance: PluginInstance,
        context: CallContext,
        deadline: UInt64,
        events: EventQueue?,
        waiter: CallWaiter
    ) -> prax_call? {
        guard let number = free.withLock({ $0.popLast() }) else { return nil }
        let generation = slots[Int(number)].lock.withLock { entry in
            entry.state.begin()
            entry.generation &+= 1
            entry.deadline = deadline
            entry.instance = instance
            entry.context = context
            entry.events = events
            entry.waiter = waiter
            return entry.generation
        }
        return prax_call(id: UInt64(generation) << 32 | UInt64(number + 1))
    }

    /// Whether a call that waited for a thread is still wanted.
    func mayStart(_ call: prax_call) -> Bool {
        withOpen(call) { $0.state.end == .none } ?? false
    }

    /// Tells the table that the entry function came back; returns the outcome of an inline call.
    func entryReturned(_ call: prax_call, _ returned: prax_status) -> CallOutcome? {
        guard let slot = slot(of: call) else { return nil }
        let (finished, outcome) = slot.lock.withLock { entry -> (FinishedEntry, CallOutcome?) in
            let action = entry.state.entryReturns(returned)
            return (entry.take(action), entry.takeInlineOutcome())
        }
        complete(finished, slot: slot, call: call)
        return outcome ?? finished.inlineOutcome
    }

    /// Ends a call from the plugin's side.
    func pluginEnds(_ call: prax_call, _ outcome: CallOutcome) -> prax_status {
        guard let slot = slot(of: call) else { return status(PRAX_E_NOT_FOUND) }
        let (result, finished) = slot.lock.withLock { entry -> (prax_status, FinishedEntry) in
            guard entry.matches(call) else { return (status(PRAX_E_NOT_FOUND), FinishedEntry()) }
            let (result, action) = entry.state.pluginEnds(outcome)
            return (result, entry.take(action))
        }
        complete(finished, slot: slot, call: call)
        return result
    }

    /// Ends a call from the host's side and tells the plugin through its cancel callback.
    func hostEnds(_ call: prax_call, _ reason: CallState.End, _ failure: Failure) {
        guard let slot = slot(of: call) else { return }
        let finished = slot.lock.withLock { entry -> FinishedEntry in
            guard entry.matches(call) else { return FinishedEntry() }
            return entry.take(entry.state.hostEnds(reason, failure))
        }
        guard finished.delivered != nil else { return }
        slot.runCancelCallback(call)
        complete(finished, slot: slot, call: call)
    }

    /// Reads something of an open call; nil when the handle is stale or the call has ended.
    func withOpen<Value>(_ call: prax_call, _ body: (inout CallSlot.Entry) -> Value) -> Value? {
        slot(of: call)?.lock.withLock { entry in
            entry.matches(call) && entry.state.isOpen ? body(&entry) : nil
        }
    }

    func slot(of call: prax_call) -> CallSlot? {
        let number = Int(truncatingIfNeeded: call.id & 0xFFFF_FFFF) - 1
        return slots.indices.contains(number) ? slots[number] : nil
    }

    /// Ends what has passed its deadline; returns the earliest deadline still to come.
    func expire(now: UInt64, abandonAfter patienceNanoseconds: UInt64) -> UInt64 {
        var next = UInt64.max
        for (number, slot) in slots.enumerated() {
            let due = slot.lock.withLock { entry -> (prax_call, Bool)? in
                guard entry.state.isInUse else { return nil }
                let handle = prax_call(id: UInt64(entry.generation) << 32 | UInt64(number + 1))
                if entry.state.end == .none {
                    if entry.deadline <= now { return (handle, false) }
                    next = min(next, entry.deadline)
                } else if entry.deadline &+ patienceNanoseconds <= now {
                    return (handle, true)
                } else {
                    next = min(next, entry.deadline &+ patienceNanoseconds)
                }
                return nil
            }
            guard let (call, isAbandoned) = due else { continue }
            if isAbandoned {
                abandon(call, slot)
            } else {
                hostEnds(call, .deadline, .deadlinePassed)
                next = min(next, now &+ patienceNanoseconds)
            }
        }
        return next
    }

    private func abandon(_ call: prax_call, _ slot: CallSlot) {
        let finished = slot.lock.withLock { entry -> FinishedEntry in
            guard entry.matches(call) else { return FinishedEntry() }
            return entry.take(entry.state.abandon())
        }
        complete(finished, slot: slot, call: call)
    }

    private func complete(_ finished: FinishedEntry, slot: CallSlot, call: prax_call) {
        if let misbehaviour = finished.misbehaviour {
            finished.instance?.reportMisbehaviour(misbehaviour, requestID: finished.requestID)
        }
        if finished.delivered != nil { finished.events?.close() }
        if let delivered = finished.delivered, case .callback(let deliver)? = finished.waiter { deliver(delivered) }
        guard finished.isReleased else { return }
        let number = UInt32(truncatingIfNeeded: call.id & 0xFFFF_FFFF) - 1
        free.withLock { $0.append(number) }
        finished.instance?.callReleased()
    }
}

extension Failure {
    package static let deadlinePassed = Failure(
        .deadline,
        code: "deadline_exceeded",
        message: "The skill did not answer within its time limit.",
        hint: "Ask for less, or raise the operation's timeout_s."
    )
    package static let callCancelled = Failure(.cancelled, code: "cancelled", message: "The call was cancelled.")
}
