internal import PraximousJSON
package import PraximousPlugin

extension SkillFailure {
    /// The answer is not what this API gives: `what` continues "The provider".
    package static func badAnswer(_ what: String, _ head: UpstreamHead? = nil) -> SkillFailure {
        var failure = SkillFailure("The provider \(what).", status: .upstream, code: "upstream_bad_answer")
        failure.details = head.map { detail($0.status, nil, $0.requestID) }
        return failure
    }

    /// The stream ended before the answer did.
    package static func cut(_ head: UpstreamHead) -> SkillFailure {
        var failure = SkillFailure("The provider's answer broke off.", status: .upstream, code: "upstream_cut")
        failure.details = detail(nil, nil, head.requestID)
        return failure
    }

    /// An exchange that ended without a whole answer; `hasHead` when the response had begun.
    package static func exchange(_ status: Status, hasHead: Bool) -> SkillFailure {
        switch status {
        case .cancelled: .cancelled
        case .deadline where hasHead:
            SkillFailure("The provider fell silent.", status: .deadline, code: "upstream_idle")
        case .deadline:
            SkillFailure("The provider did not answer in time.", status: .deadline, code: "upstream_timeout")
        case .denied, .invalid:
            SkillFailure("The provider's address is not allowed.", status: .denied, code: "address_refused")
        case .busy: SkillFailure("Too many requests are under way.", status: .busy, code: "too_many_exchanges")
        case .tooLarge: .badAnswer("sent more than is allowed")
        case .unsupported:
            SkillFailure("The host runs no HTTP for this plugin.", status: .unsupported, code: "no_http")
        default:
            hasHead
                ? SkillFailure("The provider's answer broke off.", status: .upstream, code: "upstream_cut")
                : SkillFailure("The provider cannot be reached.", status: .upstream, code: "upstream_unreachable")
        }
    }

    /// An answer with a status that says no, its body being anything; `secret` must not be in the failure, should the
    /// vendor repeat it.
    package static func answer(_ head: UpstreamHead, _ body: [UInt8], secret: String) -> SkillFailure {
        let error = (try? JSON.parse(body)).flatMap { VendorError($0) }?.scrubbed(secret)
        let (failure, code, text) = kind(head.status, error)
        // Vendors repeat parts of the key there.
        let isSecretive = failure == .authentication || failure == .denied
        let said = isSecretive ? "." : text.map { ": " + $0 } ?? "."
        var result = SkillFailure("The provider answered \(head.status)\(said)", status: failure, code: code)
        var shown = error
        if failure == .authentication { shown?.message = "The provider refused the key." }
        result.details = detail(head.status, shown, head.requestID)
        let retry = max(head.retryAfterMilliseconds, error?.retryAfterMilliseconds ?? 0)
        result.retryAfterMilliseconds = retry
        return result
    }

    /// An error inside a stream that had begun well.
    package static func event(_ error: VendorError, _ head: UpstreamHead, secret: String) -> SkillFailure {
        let error = error.scrubbed(secret)
        let status = error.status ?? impliedStatus(error)
        let (failure, code, _) = kind(status, error)
        let said = error.message.isEmpty ? "." : ": " + error.message
        var result = SkillFailure("The provider broke off with an error\(said)", status: failure, code: code)
        result.details = detail(error.status, error, head.requestID)
        result.retryAfterMilliseconds = error.retryAfterMilliseconds
        return result
    }

    /// The status that the vendors give with an error of that type.
    private static func impliedStatus(_ error: VendorError) -> Int {
        if error.mentions("overloaded", "unavailable") { return 503 }
        if error.mentions("rate_limit", "resource_exhausted", "insufficient_quota") { return 429 }
        if error.type == "invalid_request_error" || error.type == "INVALID_ARGUMENT" { return 400 }
        if error.mentions("authentication_error") { return 401 }
        if error.mentions("permission_error") { return 403 }
        if error.mentions("not_found_error") { return 404 }
        if error.mentions("timeout_error", "deadline_exceeded") { return 408 }
        return 500
    }

    private static func kind(_ status: Int, _ error: VendorError?) -> (Status, String, String?) {
        let text = error.flatMap { $0.message.isEmpty ? nil : $0.message }
        switch status {
        case 401: return (.authentication, "upstream_auth", text)
        case 402: return (.rateLimit, "insufficient_quota", text)
        case 403: return (.denied, "upstream_denied", text)
        case 404: return (.notFound, "model_not_found", text)
        case 408: return (.deadline, "upstream_timeout", text)
        case 409: return (.conflict, "upstream_conflict", text)
        case 413: return (.tooLarge, "upstream_too_large", text)
        case 429:
            let isSpent = error?.mentions("insufficient_quota") ?? false
            return (.rateLimit, isSpent ? "insufficient_quota" : "rate_limited", text)
        // Google says so of a key.
        case 400 where error?.mentions("api key not valid", "api_key_invalid") ?? false:
            return (.authentication, "upstream_auth", text)
        case 400...499: return (.invalid, requestCode(error), text)
        case 503, 529: return (.unavailable, "overloaded", text)
        default: return (.upstream, "upstream_error", text)
        }
    }

    private static func requestCode(_ error: VendorError?) -> String {
        guard let error else { return "invalid_request" }
        if error.mentions(
            "context_length_exceeded",
            "context length",
            "context window",
            "maximum context",
            "prompt is too long",
            "input token count",
            "exceed_context_size"
        ) {
            return "context_length_exceeded"
        }
        if error.mentions("content_filter", "content_policy", "content management policy") { return "content_filter" }
        if error.mentions("prefill", "must end with a user message", "expected last role user") {
            return "prefill_refused"
        }
        return "invalid_request"
    }

    private static func detail(_ status: Int?, _ error: VendorError?, _ requestID: String?) -> JSON {
        var detail = JSONObject()
        if let status { detail["status"] = .integer(status) }
        if let error { detail["error"] = error.json }
        if let requestID { detail["x_request_id"] = .string(requestID) }
        return .object(detail)
    }
}

extension Reply {
    /// Tells the operator why an exchange failed; callers hear of which kind it was, and no addresses.
    func note(_ end: HTTPEnd) {
        guard case .failed(let status, let reason) = end, status != .cancelled else { return }
        log(.warn, "an exchange with the provider failed", [("reason", reason)])
    }
}
