/// What the audit log keeps of one request: who, what, when, how it ended.
///
/// Never a prompt, an answer, a key or a token.
package struct AuditEvent: Sendable, Hashable {
    /// What kind of act it was.
    package enum Kind: String, Sendable, CaseIterable {
        /// A call of a skill.
        case process
        /// A request that was refused before it was known who asks.
        case authentication = "auth"
        /// A change by an administrator: keys, plugins.
        case administration = "admin"
        /// A plugin failed: crashed, hung, or used more than it may.
        case fault
        /// A plugin tried what its sandbox refuses.
        case denial
    }

    package enum Status: String, Sendable, CaseIterable {
        case success, error
    }

    /// The id the caller sees as `request_id`: a UUID in text form, unique in the log.
    package var requestID: String
    /// When the request arrived: microseconds since 1970 in UTC.
    package var time: Int64
    package var kind: Kind
    package var keyID: String?
    package var principalName: String?
    package var taskType: String?
    package var operation: String?
    /// Who served it, such as `skill:echo`.
    package var provider: String?
    package var status: Status
    /// The class of the failure; nil for a success.
    package var failure: Failure.Kind?
    /// The stable word of the failure; nil for a success.
    package var errorCode: String?
    package var latencyMicroseconds: Int64
    package var requestBytes: Int64
    package var responseBytes: Int64
    package var clientAddress: String?
    /// Nil for what asks no model.
    package var modelUse: ModelUse?

    package init(
        requestID: String,
        time: Int64,
        kind: Kind,
        status: Status,
        keyID: String? = nil,
        principalName: String? = nil,
        taskType: String? = nil,
        operation: String? = nil,
        provider: String? = nil,
        failure: Failure.Kind? = nil,
        errorCode: String? = nil,
        latencyMicroseconds: Int64 = 0,
        requestBytes: Int64 = 0,
        responseBytes: Int64 = 0,
        clientAddress: String? = nil,
        modelUse: ModelUse? = nil
    ) {
        self.requestID = requestID
        self.time = time
        self.kind = kind
        self.status = status
        self.keyID = keyID
        self.principalName = principalName
        self.taskType = taskType
        self.operation = operation
        self.provider = provider
        self.failure = failure
        self.errorCode = errorCode
        self.latencyMicroseconds = latencyMicroseconds
        self.requestBytes = requestBytes
        self.responseBytes = responseBytes
        self.clientAddress = clientAddress
        self.modelUse = modelUse
    }
}
