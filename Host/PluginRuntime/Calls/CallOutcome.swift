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

    package init(requestID: String, keyID: String? = nil) {
        self.requestID = requestID
        self.keyID = keyID
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
        code: "deadline_exceeded",
        message: "The skill did not answer within its time limit.",
        hint: "Ask for less, or raise the operation's timeout_s."
    )
    package static let callCancelled = Failure(.cancelled, code: "cancelled", message: "The call was cancelled.")
    static let notJSON = Failure(
        .internal,
        code: "plugin_misbehaved",
        message: "The skill's answer is not one JSON value.",
        hint: "The host's log names the plugin."
    )
}
