import CPraximous
import Core
import PraximousJSON
import Synchronization

/// `prax.host.invoke/1`: child requests of a call, run and waited for on the plugin's own thread.
enum InvokeService {
    /// Never changes once it is made.
    nonisolated(unsafe) static let table: UnsafePointer<prax_host_invoke> = {
        let table = UnsafeMutablePointer<prax_host_invoke>.allocate(capacity: 1)
        table.initialize(
            to: prax_host_invoke(
                size: UInt32(MemoryLayout<prax_host_invoke>.size),
                invoke: { host, parent, target, request, onEvent, onDone, context in
                    InvokeService.invoke(host, parent, target, request, onEvent, onDone, context)
                }
            )
        )
        return UnsafePointer(table)
    }()

    private static func invoke(
        _ host: UnsafeMutableRawPointer?,
        _ parent: prax_call,
        _ target: prax_str,
        _ request: prax_str,
        _ onEvent: (@convention(c) (UnsafeMutableRawPointer?, prax_str, prax_str) -> Int32)?,
        _ onDone: (@convention(c) (UnsafeMutableRawPointer?, prax_status, prax_str) -> Void)?,
        _ context: UnsafeMutableRawPointer?
    ) -> prax_status {
        guard let object = HostObject.from(host), let onDone else { return status(PRAX_E_INVALID) }
        guard let served = ServedCall(parent) else { return status(PRAX_E_NOT_FOUND) }
        guard request.len <= CallTable.maxResultBytes else { return status(PRAX_E_TOO_LARGE) }
        let invocation = Invocation(
            parent: served,
            target: target.text(maxBytes: 512),
            request: Array(request.bytes),
            wantsEvents: onEvent != nil
        )
        let mailbox = InvocationMailbox()
        do throws(ServiceError) {
            let running = try object.services.startInvocation(invocation, events: mailbox)
            while true {
                switch mailbox.next(isOver: served.isOver) {
                case .event(let event):
                    if !hand(event, to: onEvent, context) { running.cancel() }
                    running.consumed(event.json.count)
                case .over: running.cancel()
                case .end(let outcome):
                    hand(outcome, to: onDone, context)
                    return status(PRAX_OK)
                }
            }
        } catch {
            return error.rawValue
        }
    }

    /// Returns whether the child shall go on.
    private static func hand(
        _ event: CallEvent,
        to onEvent: (@convention(c) (UnsafeMutableRawPointer?, prax_str, prax_str) -> Int32)?,
        _ context: UnsafeMutableRawPointer?
    ) -> Bool {
        guard let onEvent else { return true }
        return withPraxString(event.kind) { kind in
            event.json.withUnsafeBufferPointer { json in withPraxString(json) { onEvent(context, kind, $0) == 0 } }
        }
    }

    private static func hand(
        _ outcome: CallOutcome,
        to onDone: @convention(c) (UnsafeMutableRawPointer?, prax_status, prax_str) -> Void,
        _ context: UnsafeMutableRawPointer?
    ) {
        switch outcome {
        case .result(let bytes):
            bytes.withUnsafeBufferPointer { bytes in
                withPraxString(bytes) { onDone(context, status(PRAX_OK), $0) }
            }
        case .failure(let failure):
            let json: JSON = ["code": .string(failure.code), "message": .string(failure.message)]
            withPraxString(json.text) { onDone(context, failure.kind.pluginStatus, $0) }
        }
    }
}

/// Brings what a child request says to the plugin's thread, which waits for it.
private final class InvocationMailbox: InvocationEvents {
    enum Letter {
        case event(CallEvent)
        case end(CallOutcome)
        /// The parent call is over: nobody waits for the child any more.
        case over
    }

    private struct State {
        var events: [CallEvent] = []
        var outcome: CallOutcome?
        var isOverSaid = false
    }

    /// How often the waiting thread looks whether its call is still wanted, in nanoseconds.
    private static let lookNanoseconds: UInt64 = 20_000_000

    private let state = Mutex(State())
    private let arrived = Semaphore()

    func event(_ event: CallEvent) {
        state.withLock { $0.events.append(event) }
        arrived.signal()
    }

    func end(_ outcome: CallOutcome) {
        state.withLock { $0.outcome = outcome }
        arrived.signal()
    }

    func next(isOver: () -> Bool) -> Letter {
        while true {
            let letter = state.withLock { state -> Letter? in
                if !state.events.isEmpty { return .event(state.events.removeFirst()) }
                if let outcome = state.outcome { return .end(outcome) }
                guard !state.isOverSaid, isOver() else { return nil }
                state.isOverSaid = true
                return .over
            }
            if let letter { return letter }
            arrived.wait(until: MonotonicClock.now() &+ Self.lookNanoseconds)
        }
    }
}

extension ServedCall {
    /// The open call a handle names; nil for a stale one.
    init?(_ call: prax_call) {
        let known = CallTable.shared.withOpen(call) { slot, _ in (slot.pointee.context, slot.pointee.deadline) }
        guard let (context, deadline) = known else { return nil }
        self.init(context: context, deadline: deadline) {
            CallTable.shared.withOpen(call) { _, state in state.isCancelled } ?? true
        }
    }
}
