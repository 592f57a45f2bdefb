internal import CPraximous
public import PraximousJSON

/// How a request failed, in the words the client gets.
public struct SkillFailure: Error, Hashable {
    /// The kind of failure; the host maps it to an HTTP status.
    public enum Status: Sendable, Hashable, CaseIterable {
        case invalid, unsupported, denied, notFound, cancelled, deadline, busy, tooLarge, upstream, unavailable
        case rateLimit, internalError, conflict, authentication
    }

    /// The kind.
    public var status: Status
    /// A short machine word such as `invalid_input`.
    public var code: String
    /// One sentence for people, without secrets.
    public var message: String
    /// What else the client can use; text or structured.
    public var details: JSON?
    /// When a retry may help; 0 when unknown.
    public var retryAfterMilliseconds: UInt32

    /// A failure; without further arguments the request's own fault.
    public init(
        _ message: String,
        details: String? = nil,
        status: Status = .invalid,
        code: String = "invalid_input",
        retryAfterMilliseconds: UInt32 = 0
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.details = details.map(JSON.string)
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }

    /// The client left, or the operator or the deadline ended the call.
    public static let cancelled = SkillFailure("The call was cancelled.", status: .cancelled, code: "cancelled")
}

extension SkillFailure.Status {
    /// The ABI's number for this kind.
    var abi: prax_status {
        switch self {
        case .invalid: prax_status(PRAX_E_INVALID)
        case .unsupported: prax_status(PRAX_E_UNSUPPORTED)
        case .denied: prax_status(PRAX_E_DENIED)
        case .notFound: prax_status(PRAX_E_NOT_FOUND)
        case .cancelled: prax_status(PRAX_E_CANCELLED)
        case .deadline: prax_status(PRAX_E_DEADLINE)
        case .busy: prax_status(PRAX_E_BUSY)
        case .tooLarge: prax_status(PRAX_E_TOO_LARGE)
        case .upstream: prax_status(PRAX_E_UPSTREAM)
        case .unavailable: prax_status(PRAX_E_UNAVAILABLE)
        case .rateLimit: prax_status(PRAX_E_RATE_LIMIT)
        case .internalError: prax_status(PRAX_E_INTERNAL)
        case .conflict: prax_status(PRAX_E_CONFLICT)
        case .authentication: prax_status(PRAX_E_AUTH)
        }
    }

    /// The kind of a negative status from the host; what this SDK does not know counts as internal.
    init(abi: prax_status) {
        self = Self.allCases.first { $0.abi == abi } ?? .internalError
    }
}
