package import PraximousJSON

/// Why a request was not served: what every layer throws once a caller must hear about it.
///
/// `HTTPAPI` turns the kind into a status; nothing below it knows statuses.
package struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The class of a failure; plugins' `prax_status` values and HTTP statuses map to it one to one.
    package enum Kind: String, Sendable, CaseIterable {
        case invalid, unprocessable, unsupported, unauthenticated, denied, notFound, cancelled, deadline, busy
        case tooLarge, upstream, unavailable, rateLimit, conflict, `internal`
    }

    package let kind: Kind
    /// A stable machine word, such as `unknown_task_type`.
    package let code: String
    /// One sentence for people, without secrets.
    package let message: String
    /// What the reader can do about it.
    package let hint: String?
    /// More for machines, such as the fields that were refused.
    package let details: JSON?
    package let retryAfterMilliseconds: Int?

    package init(
        _ kind: Kind,
        code: String,
        message: String,
        hint: String? = nil,
        details: JSON? = nil,
        retryAfterMilliseconds: Int? = nil
    ) {
        self.kind = kind
        self.code = code
        self.message = message
        self.hint = hint
        self.details = details
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }

    package var description: String { hint.map { "\(message) \($0)" } ?? message }
}
