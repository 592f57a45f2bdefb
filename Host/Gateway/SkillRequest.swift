package import Core
package import PraximousJSON

/// Where a request comes from and when it arrived: known before anything of it has been understood.
package struct RequestOrigin: Sendable {
    /// The id the caller gets back as `request_id`: a UUID in text form.
    package let requestID: String
    /// Microseconds since 1970, for the audit.
    package let receivedAt: Int64
    /// CLOCK_MONOTONIC nanoseconds, for the latency.
    package let startedAt: UInt64
    package let clientAddress: String?
    /// The trace that the client brought.
    package var trace: TraceContext?
    /// The request on whose behalf a plugin makes this one; nil for a client's own.
    package var parentRequestID: String?

    package init(requestID: String, receivedAt: Int64, startedAt: UInt64, clientAddress: String?) {
        self.requestID = requestID
        self.receivedAt = receivedAt
        self.startedAt = startedAt
        self.clientAddress = clientAddress
    }
}

/// One call of a skill, in no dialect.
package struct SkillRequest: Sendable {
    package let taskType: String
    /// The word the client gave, if any; which operation it leads to is the manifest's business.
    package let operation: String?
    /// Every member of the request but `task_type`: an object.
    package let parameters: JSON

    package init(taskType: String, operation: String?, parameters: JSON) {
        self.taskType = taskType
        self.operation = operation
        self.parameters = parameters
    }
}

/// What a served request leads to.
package struct SkillAnswer: Sendable {
    /// The skill's result: exactly one JSON value.
    package let result: [UInt8]
    /// Who answered, such as `skill:echo`.
    package let provider: String
    package let latencyMicroseconds: Int64
    /// A sentence for people, as the original had for answers of models.
    package var message: String?
    /// The tokens it took; nil for skills.
    package var usage: TokenUsage?
    /// What is left of the caller's limits; nil where nothing is limited.
    package var rateLimit: RateLimitState?
}
