import CPraximous
import Core
import Glibc
import Synchronization

/// The calls in flight.
///
/// A plugin knows one by a 64-bit handle, slot number and generation, so a stale handle is an error code and never a
/// wild pointer.
///
/// One table for the process, because the functions of `prax.host.call/1` get the handle alone: a handle must mean
/// the same call whichever host object asked for it.
///
/// @unchecked Sendable: the slots' memory never moves or goes; what guards their fields is told at ``CallSlot``.
final class CallTable: @unchecked Sendable {
    static let shared = CallTable(capacity: 4096)

    /// The largest result a plugin may hand over.
    static let maxResultBytes = 16 << 20

    private let slots: UnsafeMutablePointer<CallSlot>
    private let capacity: UInt32
    private let free: FreeSlots

    init(capacity: UInt32) {
        // Slots are made when they are first taken: 4096 of them are two megabytes. The word of one that was never made
        // reads as zero, a free slot's, for which there is no handle, and nothing else is looked at before the word.
        let memory = calloc(Int(capacity), MemoryLayout<CallSlot>.stride)
        slots = memory?.bindMemory(to: CallSlot.self, capacity: Int(capacity)) ?? .allocate(capacity: 0)
        let capacity = memory == nil ? 0 : capacity
        self.capacity = capacity
        free = FreeSlots(capacity: capacity)
    }

    /// Takes a slot out of the free ones; nil when every slot is taken.
    func takeSlot() -> UnsafeMutablePointer<CallSlot>? { free.pop(slots).map { slots + Int($0) } }

    func giveBack(_ slot: UnsafeMutablePointer<CallSlot>) {
        free.push(UInt32(slot - slots), slots)
    }

    /// Opens a call in a slot that is the caller's alone.
    func begin(
        _ slot: UnsafeMutablePointer<CallSlot>,
        instance: Unmanaged<PluginInstance>,
        deadline: UInt64,
        as state: CallState = .begun
    ) -> prax_call {
        slot.pointee.instance = instance
        slot.pointee.deadline = deadline
        let generation = CallSlot.generation(of: slot.pointee.word.load(ordering: .relaxed)) &+ 1
        slot.pointee.word.store(UInt64(generation) << 32 | UInt64(state.bits), ordering: .releasing)
        return prax_call(id: UInt64(generation) << 32 | UInt64(slot - slots + 1))
    }

    /// The slot a handle names, whether or not the call is still there; nil for an invented number.
    func slot(of call: prax_call) -> UnsafeMutablePointer<CallSlot>? {
        let number = UInt32(truncatingIfNeeded: call.id)
        return number &- 1 < capacity ? slots + Int(number &- 1) : nil
    }

    /// What ends a call: the bytes are borrowed from the plugin.
    enum Ending {
        case result(UnsafeBufferPointer<UInt8>)
        indirect case failure(Failure)
    }

    /// Ends a call from the plugin's side; what it says counts only when it is the first end.
    func pluginEnds(_ call: prax_call, _ ending: Ending) -> prax_status {
        guard let slot = slot(of: call) else { return status(PRAX_E_NOT_FOUND) }
        var result = status(PRAX_E_NOT_FOUND)
        guard
            let action = change(
                slot,
                call,
                { state in
                    let (ended, action) = state.pluginEnds()
                    result = ended
                    return action
                }
            )
        else {
            // A slot that has been released but not yet taken again remembers whose call it was.
            return wasLast(slot, call) ? status(PRAX_E_CONFLICT) : result
        }
        finish(action, slot, call, ending)
        return result
    }

    /// Ends a call from the host's side and tells the plugin through its cancel callback.
    ///
    /// `runLater` takes the callback to a thread for plugin code; without it, it runs here.
    func hostEnds(
        _ call: prax_call,
        _ reason: CallState.End,
        _ failure: Failure,
        runLater: ((@escaping @Sendable () -> Void) -> Void)? = nil
    ) {
        guard let slot = slot(of: call), let action = change(slot, call, { $0.hostEnds(reason) }) else { return }
        let hasCallback = action.deliver && slot.pointee.hasExtras.load(ordering: .sequentiallyConsistent)
        if hasCallback, let runLater {
            finish(action, slot, call, .failure(failure))
            runLater { [self] in
                if CancelCallback.run(call, self) { releaseAfterCallback(call) }
            }
            return
        }
        let isReleaseDue = hasCallback && CancelCallback.run(call, self)
        finish(action, slot, call, .failure(failure))
        if isReleaseDue { clear(slot, call) }
    }

    /// Does the release that the plugin brought about inside its cancel callback.
    func releaseAfterCallback(_ call: prax_call) {
        if let slot = slot(of: call) { clear(slot, call) }
    }

    /// Whether a call that waited for a thread is still wanted; from then on it counts as begun.
    func mayStart(_ call: prax_call) -> Bool {
        guard let slot = slot(of: call) else { return false }
        var begins = false
        let action = change(slot, call) { state in
            begins = state.begins()
            return CallState.Action()
        }
        if action != nil { slot.pointee.word.wrappingSubtract(CallSlot.readerUnit, ordering: .releasing) }
        return begins
    }

    /// Whether the entry function of an open call has been called; false for one that has ended.
    func hasBegun(_ call: prax_call) -> Bool { withOpen(call) { _, state in state.hasBegun } ?? false }

    /// Tells the table that the entry function of an inline call came back, and takes the outcome.
    func inlineReturned(
        _ slot: UnsafeMutablePointer<CallSlot>,
        _ call: prax_call,
        _ returned: prax_status
    ) -> InlineOutcome {
        let expected = call.id & ~0xFFFF_FFFF | UInt64(CallState.finishedInside.bits)
        if returned == status(PRAX_OK), slot.pointee.word.load(ordering: .acquiring) == expected {
            let outcome = takeOutcome(slot)
            clear(slot, call)
            return outcome
        }
        // Once the call is closed nobody can note any more that it hangs.
        let instance = slot.pointee.instance
        defer { instance?.takeUnretainedValue().noteReturn(call) }
        if let outcome = entryReturned(call, returned) { return outcome }
        // Put off: what the plugin says from here on must not be found in the slot by the caller's next call.
        hostEnds(call, .cancelled, .putOff)
        abandon(call)
        while CallSlot.state(of: slot.pointee.word.load(ordering: .acquiring)).isInUse { sched_yield() }
        return takeOutcome(slot)
    }

    /// Tells the table that the entry function came back; returns the outcome of an inline call.
    @discardableResult
    func entryReturned(_ call: prax_call, _ returned: prax_status) -> InlineOutcome? {
        guard let slot = slot(of: call), let action = change(slot, call, { $0.entryReturns(returned) }) else {
            return nil
        }
        guard case .inline = slot.pointee.waiter else {
            finish(action, slot, call, .failure(Failure(silentEnd: returned)))
            return nil
        }
        report(action, slot)
        slot.pointee.word.wrappingSubtract(CallSlot.readerUnit, ordering: .releasing)
        guard action.release else { return nil }
        let outcome: InlineOutcome = action.deliver ? .failure(Failure(silentEnd: returned)) : takeOutcome(slot)
        clear(slot, call)
        return outcome
    }

    /// Runs `body` on an open call's slot, which cannot be released meanwhile; nil when the handle is stale or the
    /// call has ended.
    func withOpen<Value>(
        _ call: prax_call,
        _ body: (UnsafeMutablePointer<CallSlot>, CallState) -> Value
    ) -> Value? {
        guard let slot = slot(of: call) else { return nil }
        var word = slot.pointee.word.load(ordering: .acquiring)
        while true {
            guard CallSlot.generation(of: word) == UInt32(truncatingIfNeeded: call.id >> 32),
                CallSlot.state(of: word).isOpen
            else { return nil }
            let (exchanged, original) = slot.pointee.word.weakCompareExchange(
                expected: word,
                desired: word &+ CallSlot.readerUnit,
                ordering: .acquiringAndReleasing
            )
            if exchanged { break }
            word = original
        }
        defer { slot.pointee.word.wrappingSubtract(CallSlot.readerUnit, ordering: .releasing) }
        return body(slot, CallSlot.state(of: word))
    }

    /// Looks at every call in flight.
    ///
    /// Called by the watch alone, now and then.
    func forEachInUse(_ body: (prax_call, CallState, UInt64) -> Void) {
        for number in 0..<Int(capacity) {
            let word = (slots + number).pointee.word.load(ordering: .acquiring)
            let state = CallSlot.state(of: word)
            guard state.isInUse else { continue }
            let call = prax_call(id: word & ~0xFFFF_FFFF | UInt64(number + 1))
            // Read as a reader, or the call may be another one by now.
            let deadline = withOpen(call) { slot, _ in slot.pointee.deadline }
            body(call, state, deadline ?? .max)
        }
    }

    /// Tells the plugin's instance that this call's entry function holds a thread long after the call was ended.
    func noteHang(_ call: prax_call) {
        _ = withOpen(call) { slot, _ in slot.pointee.instance?.takeUnretainedValue().noteHang(call) }
    }

    /// Takes back a pending call that the plugin does not end although it was told to.
    func abandon(_ call: prax_call) {
        guard let slot = slot(of: call), let action = change(slot, call, { $0.abandon() }) else { return }
        finish(action, slot, call, .failure(.deadlinePassed))
    }

    /// Applies a transition in one atomic step and counts the caller as a reader, so that the slot stays the call's
    /// until ``finish(_:_:_:_:)``; nil when the handle is stale.
    private func change(
        _ slot: UnsafeMutablePointer<CallSlot>,
        _ call: prax_call,
        _ transition: (inout CallState) -> CallState.Action
    ) -> CallState.Action? {
        var word = slot.pointee.word.load(ordering: .acquiring)
        while true {
            var state = CallSlot.state(of: word)
            guard CallSlot.generation(of: word) == UInt32(truncatingIfNeeded: call.id >> 32), state.isInUse else {
                return nil
            }
            let action = transition(&state)
            let (exchanged, original) = slot.pointee.word.weakCompareExchange(
                expected: word,
                desired: CallSlot.word(word, with: state) &+ CallSlot.readerUnit,
                ordering: .acquiringAndReleasing
            )
            if exchanged { return action }
            word = original
        }
    }

    private func wasLast(_ slot: UnsafeMutablePointer<CallSlot>, _ call: prax_call) -> Bool {
        CallSlot.generation(of: slot.pointee.word.load(ordering: .relaxed)) == UInt32(truncatingIfNeeded: call.id >> 32)
    }

    /// Does what a transition asks for: delivers, reports, releases.
    private func finish(
        _ action: CallState.Action,
        _ slot: UnsafeMutablePointer<CallSlot>,
        _ call: prax_call,
        _ ending: Ending
    ) {
        report(action, slot)
        if action.deliver {
            slot.pointee.events?.close()
            switch slot.pointee.waiter {
            case .inline: keep(ending, in: slot)
            case .callback(let deliver):
                switch ending {
                case .result(let bytes): deliver(.result(Array(bytes)))
                case .failure(let failure): deliver(.failure(failure))
                }
            }
        }
        if action.deliver || action.release, slot.pointee.hasExtras.load(ordering: .acquiring) {
            endDependants(of: slot)
        }
        slot.pointee.word.wrappingSubtract(CallSlot.readerUnit, ordering: .releasing)
        guard action.release else { return }
        // On the thread of the call's own cancel callback the readers could never be waited for.
        let isInCallback = slot.pointee.hasExtras.load(ordering: .acquiring) && CancelCallback.defersRelease(slot)
        if !isInCallback { clear(slot, call) }
    }

    private func keep(_ ending: Ending, in slot: UnsafeMutablePointer<CallSlot>) {
        switch ending {
        case .result(let bytes): slot.pointee.result.copy(bytes)
        case .failure(let failure): slot.pointee.failure = failure
        }
        slot.pointee.hasOutcome.store(true, ordering: .releasing)
    }

    private func report(_ action: CallState.Action, _ slot: UnsafeMutablePointer<CallSlot>) {
        guard let misbehaviour = action.misbehaviour else { return }
        slot.pointee.instance?.takeUnretainedValue()
            .reportMisbehaviour(misbehaviour.rawValue, requestID: slot.pointee.context.requestID)
    }

    /// The outcome of an inline call whose end has been won, by this thread or by one that is about to write it.
    private func takeOutcome(_ slot: UnsafeMutablePointer<CallSlot>) -> InlineOutcome {
        while !slot.pointee.hasOutcome.load(ordering: .acquiring) { sched_yield() }
        slot.pointee.hasOutcome.store(false, ordering: .relaxed)
        if let failure = slot.pointee.failure.take() { return .failure(failure) }
        return .result(slot.pointee.result.bytes)
    }

    /// Both sides are done: waits for the last reader, empties the slot and, unless an inline caller keeps it, gives
    /// it back.
    private func clear(_ slot: UnsafeMutablePointer<CallSlot>, _ call: prax_call) {
        // Whoever has won the end may still be handing the outcome over, and reads the fields until it is done.
        while slot.pointee.word.load(ordering: .acquiring) & CallSlot.readerMask != 0 { sched_yield() }
        if slot.pointee.hasExtras.load(ordering: .acquiring) { clearExtras(slot) }
        let instance = slot.pointee.instance
        var isInline = true
        var onRelease: (@Sendable () -> Void)?
        if case .callback = slot.pointee.waiter {
            isInline = false
            slot.pointee.waiter = .inline
            slot.pointee.events = nil
            onRelease = slot.pointee.onRelease.take()
        }
        release(slot, call)
        guard !isInline else { return }
        giveBack(slot)
        onRelease?()
        instance?.takeUnretainedValue().callReleased(call)
    }

    /// Has `body` run when the call ends; false when it has ended already.
    func atEnd(of call: prax_call, _ body: @escaping @Sendable () -> Void) -> Bool {
        withOpen(call) { slot, _ in
            slot.pointee.hasExtras.store(true, ordering: .sequentiallyConsistent)
            return slot.pointee.extras.withLock { extras in
                // Looked at under the lock: an end from here on finds the body.
                let state = CallSlot.state(of: slot.pointee.word.load(ordering: .sequentiallyConsistent))
                guard state.isOpen, state.end == .none else { return false }
                extras.atEnd.append(body)
                return true
            }
        } ?? false
    }

    private func endDependants(of slot: UnsafeMutablePointer<CallSlot>) {
        let bodies = slot.pointee.extras.withLock { extras in
            defer { extras.atEnd = [] }
            return extras.atEnd
        }
        for body in bodies { body() }
    }

    /// Closes the slot's word.
    ///
    /// A late end may count itself as a reader at any moment until then: its count must not be lost, or its going would
    /// take one from the slot's next call.
    private func release(_ slot: UnsafeMutablePointer<CallSlot>, _ call: prax_call) {
        var word = slot.pointee.word.load(ordering: .acquiring)
        while true {
            if word & CallSlot.readerMask != 0 {
                sched_yield()
                word = slot.pointee.word.load(ordering: .acquiring)
                continue
            }
            let (exchanged, original) = slot.pointee.word.weakCompareExchange(
                expected: word,
                desired: call.id & ~0xFFFF_FFFF,
                ordering: .acquiringAndReleasing
            )
            if exchanged { return }
            word = original
        }
    }

    private func clearExtras(_ slot: UnsafeMutablePointer<CallSlot>) {
        slot.pointee.extras.withLock { extras in
            extras.onCancel = nil
            extras.atEnd = []
            extras.contextText?.deallocate()
            extras.contextText = nil
            extras.request = nil
        }
        slot.pointee.hasExtras.store(false, ordering: .relaxed)
    }
}

extension Failure {
    static let putOff = Failure(.internal, code: "no_result", message: "The skill put off a quick call.")
}
