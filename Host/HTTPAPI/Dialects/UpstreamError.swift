import Core
import HTTPTypes
import PraximousJSON

/// What a provider said when it refused, as the host keeps it in the details of a ``Failure``:
/// `{"status": 400, "error": {"message", "type", "param", "code"}, "x_request_id": …}`.
struct UpstreamError {
    /// The provider's own HTTP status, 400 to 599.
    let status: Int?
    let message: String?
    let type: String?
    let param: String?
    let code: String?

    init(_ failure: Failure) {
        status = failure.details?["status"]?.intValue.flatMap { 400...599 ~= $0 ? $0 : nil }
        let error = failure.details?["error"]
        // What a provider says of the gateway's own key may quote it, and is nothing that the caller could act on.
        let isAboutTheKey = failure.kind == .unauthenticated || failure.kind == .denied
        message = isAboutTheKey ? nil : error?["message"]?.stringValue
        type = error?["type"]?.stringValue
        param = error?["param"]?.stringValue
        // Some vendors number their errors.
        code = error?["code"].flatMap { $0.stringValue ?? $0.intValue.map(String.init) }
    }
}

extension Failure {
    /// The status in a vendor's dialect: the provider's own where there is one, so that an SDK raises what it would
    /// raise without the gateway.
    var dialectStatus: HTTPResponse.Status {
        // The host's own dialect says 403, as the original did; both vendors say that they do not know who asks.
        if ["invalid_api_key", "revoked_api_key", "expired_api_key"].contains(code) { return .unauthorized }
        return UpstreamError(self).status.map { HTTPResponse.Status(code: $0) } ?? httpStatus
    }
}
