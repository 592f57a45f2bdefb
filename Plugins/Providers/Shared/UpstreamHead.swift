internal import Glibc
package import PraximousPlugin

/// What matters of a response's head.
package struct UpstreamHead: Sendable {
    package var status = 0
    /// In small letters, without parameters; empty when the server does not say.
    package var contentType = ""
    /// The vendor's name for the request, to ask them about it.
    package var requestID: String?
    package var retryAfterMilliseconds: UInt32 = 0

    package init() {}

    package init(_ head: HTTPHead) {
        status = head.status
        contentType = (head.value("content-type") ?? "").prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        requestID =
            head.value("x-request-id") ?? head.value("request-id") ?? head.value("apim-request-id")
            ?? head.value("x-ms-request-id")
        guard status >= 400 else { return }
        retryAfterMilliseconds = RetryAfter.milliseconds(
            head.value("retry-after-ms"),
            head.value("retry-after"),
            now: time(nil)
        )
    }

    package var isSuccess: Bool { 200...299 ~= status }
}
