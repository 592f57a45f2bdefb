import CLinux
import Core
import Glibc
import Logging
package import PluginRuntime
import PraximousJSON
import Synchronization

extension Worker {
    /// Runs a call; nil when the worker had been told to go before it began.
    package func call(_ call: SkillCall) async -> CallOutcome? {
        let deadline = MonotonicClock.deadline(in: call.timeout)
        let begun = Mutex(BegunCall())
        let outcome: CallOutcome? = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let number = begin(call, deadline: deadline) { continuation.resume(returning: $0) }
                let isCancelled = begun.withLock { begun in
                    begun.number = number
                    return begun.isCancelled
                }
                if isCancelled, let number { giveUp(number, isDeadline: false, .callCancelled) }
            }
        } onCancel: {
            let number = begun.withLock { begun in
                begun.isCancelled = true
                return begun.number
            }
            if let number { giveUp(number, isDeadline: false, .callCancelled) }
        }
        guard case .result(let bytes)? = outcome else { return outcome }
        // It will stand unread inside an answer.
        let isJSON = bytes.withUnsafeBufferPointer { (try? JSON.validate($0)) != nil }
        if isJSON { return outcome }
        plan.logger.error(
            "plugin misbehaving",
            metadata: ["what": "answered with something that is not one JSON value"]
        )
        misbehaved()
        return .failure(.notJSON)
    }

    private struct BegunCall {
        var number: UInt32?
        var isCancelled = false
    }

    /// Begins a call; `deliver` hears its end once, on any thread, at once when it does not come to a call.
    ///
    /// The result has not been looked at. Returns the call's number while it is open.
    @discardableResult
    package func begin(
        _ call: SkillCall,
        deadline: UInt64,
        deliver: @escaping @Sendable (CallOutcome?) -> Void
    ) -> UInt32? {
        let waiter = CallLedger.Waiter(
            requestID: call.context.requestID,
            deliver: deliver,
            events: call.events,
            context: call.context
        )
        let now = MonotonicClock.now()
        let begun = life.withLock { life in
            let begun = Result { () throws(CallLedger.Refusal) in try life.ledger.begin(waiter, deadline: deadline) }
            return (begun, life.vitals.callBegan(at: now))
        }
        let number: UInt32
        switch begun.0 {
        case .success(let made): number = made
        case .failure(.retired):
            deliver(nil)
            return nil
        case .failure(.full):
            call.events?.close()
            deliver(.failure(.tooManyCalls))
            return nil
        }
        call.events?.onLeave { [output] bytes in
            var writer = WireWriter()
            writer.integer(UInt32(clamping: bytes))
            output.send(.credit, number: number, head: writer.bytes)
        }
        // Of a worker that is gone, whoever reads from it tells every open call why.
        guard send(call, number, deadline) || output.isClosed else {
            finish(
                try? life.withLock { life throws(WireError) in try life.ledger.end(number) },
                .failure(.workerDoesNotRead)
            )
            return nil
        }
        // The clock may have given the call up before the worker had heard of it.
        if deadline <= MonotonicClock.now(), life.withLock({ $0.ledger.isGivenUp(number) }) {
            output.send(.cancel, number: number, head: [1])
        }
        runtime.clock.look(at: begun.1 ? min(deadline, now &+ runtime.settings.sampleInterval.nanoseconds) : deadline)
        return number
    }

    private func send(_ call: SkillCall, _ number: UInt32, _ deadline: UInt64) -> Bool {
        var flags: FrameFlags = call.events == nil ? [] : .streams
        let message = CallMessage(call, deadline: deadline, windowBytes: call.events?.windowBytes ?? 0)
        guard call.parameters.count > Wire.maxInlineParameterBytes else {
            return output.send(.call, flags: flags, number: number, head: message.encoded(), body: call.parameters)
        }
        let memory = call.parameters.withUnsafeBytes { prax_sealed_memory($0.baseAddress, $0.count, 0) }
        guard memory >= 0 else { return false }
        flags.insert(.memory)
        return output.send(.call, flags: flags, number: number, head: message.encoded(), descriptor: memory)
    }

    /// The worker says how a call ended.
    func ended(_ number: UInt32, _ outcome: CallOutcome) throws(WireError) {
        let (waiter, isEmpty) = try life.withLock { life throws(WireError) in
            let waiter = try life.ledger.end(number)
            return (waiter, life.ledger.isDraining && life.ledger.count == 0)
        }
        endRequests(of: number)
        finish(waiter, outcome)
        if isEmpty { output.send(.bye) }
    }

    func released(_ number: UInt32) {
        let isEmpty = life.withLock { life in
            life.ledger.release(number)
            return life.ledger.isDraining && life.ledger.count == 0
        }
        if isEmpty { output.send(.bye) }
    }

    func giveUp(_ number: UInt32, isDeadline: Bool, _ failure: Failure) {
        let waiter = life.withLock { $0.ledger.giveUp(number, isDeadline: isDeadline, at: MonotonicClock.now()) }
        guard waiter != nil else { return }
        output.send(.cancel, number: number, head: [isDeadline ? 1 : 0])
        endRequests(of: number)
        finish(waiter, .failure(failure))
        runtime.clock.look(at: 0)
    }

    /// What a call has started through the host ends with it.
    private func endRequests(of number: UInt32) {
        // Few plugins start anything: the others' calls are not held up by a lock more.
        guard hasRequests.load(ordering: .acquiring) else { return }
        requests.withLock { $0 }?.endAll(of: number)
    }

    private func finish(_ waiter: CallLedger.Waiter?, _ outcome: CallOutcome) {
        waiter?.events?.close()
        waiter?.deliver(outcome)
    }
}

extension Failure {
    fileprivate static let workerDoesNotRead = Failure(
        .unavailable,
        code: "plugin_unavailable",
        message: "The plugin does not take calls at the moment.",
        hint: "Try again in a moment.",
        retryAfterMilliseconds: 1000
    )
}
