package import Core

/// How a call ended.
package enum CallOutcome: Sendable {
    /// The result, exactly one JSON value.
    case result([UInt8])
    /// Boxed: it is rare and large, and the outcome is moved about in every call.
    indirect case failure(Failure)
}

/// What a call is about, for logs and for the plugin's `context`.
package struct CallContext: Sendable {
    package let requestID: String
    package let keyID: String?
    /// Who asked, for what the plugin asks in turn; nil in a worker, which is not told.
    package var principal: Principal?
    /// The plugins that wait for this call, the outermost first.
    package var ancestors: [String] = []
    /// Of the exchanges that the plugin starts for the call; nil leaves them to the plugin and the host.
    package var exchangeLimits: ExchangeLimits?
    /// The span that the exchanges of the call belong to: the host states it where the plugin does not.
    package var trace: TraceContext?
    /// The client's trace that the call belongs to, for what the plugin asks of models; its exchanges do not state it, for
    /// they lead anywhere.
    package var clientTrace: TraceContext?
    /// The call's number on the wire between host and worker; 0 where there is none.
    package var number: UInt32 = 0

    package init(requestID: String, keyID: String? = nil) {
        self.requestID = requestID
        self.keyID = keyID
    }
}

/// How long the HTTP exchanges of one call may take, where that is less than what the plugin asks for.
package struct ExchangeLimits: Sendable, Hashable {
    package var connectMilliseconds: Int?
    /// Until the head of the answer.
    package var firstByteMilliseconds: Int?
    /// Between two pieces of the body.
    package var idleMilliseconds: Int?

    package init(connectMilliseconds: Int? = nil, firstByteMilliseconds: Int? = nil, idleMilliseconds: Int? = nil) {
        self.connectMilliseconds = connectMilliseconds
        self.firstByteMilliseconds = firstByteMilliseconds
        self.idleMilliseconds = idleMilliseconds
    }
}

/// Where a call's outcome goes.
enum CallWaiter: Sendable {
    /// The thread that runs the entry function takes it from the slot when that returns.
    case inline
    case callback(@Sendable (CallOutcome) -> Void)
}

/// The outcome of an inline call, lent until the caller's next one.
package enum InlineOutcome {
    /// What the plugin said, not yet checked to be JSON.
    case result(UnsafeBufferPointer<UInt8>)
    indirect case failure(Failure)
}

/// A buffer for results that grows and is used again from call to call.
struct InlineResult {
    private var memory = UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)
    private var count = 0

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: memory.baseAddress, count: count) }

    mutating func copy(_ bytes: UnsafeBufferPointer<UInt8>) {
        if memory.count < bytes.count {
            memory.deallocate()
            memory = .allocate(capacity: max(4096, bytes.count))
        }
        count = bytes.count
        guard let target = memory.baseAddress, let source = bytes.baseAddress else { return }
        target.update(from: source, count: bytes.count)
    }

    mutating func free() {
        memory.deallocate()
        memory = UnsafeMutableBufferPointer(start: nil, count: 0)
        count = 0
    }
}

extension Failure {
    package static let deadlinePassed = Failure(
        .deadline,
        code: "plugin_timeout",
        message: "The skill did not answer within its time limit.",
        hint: "Ask for less, or raise the operation's timeout_s."
    )
    package static let callCancelled = Failure(.cancelled, code: "cancelled", message: "The call was cancelled.")
    package static let slowConsumer = Failure(
        .cancelled,
        code: "slow_consumer",
        message: "The stream was not read for too long.",
        hint: "Read faster, or ask for less."
    )
    package static let notJSON = Failure(
        .internal,
        code: "bad_output",
        message: "The skill's answer is not one JSON value.",
        hint: "The host's log names the plugin."
    )
}
