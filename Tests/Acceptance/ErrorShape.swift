import PraximousJSON
import TestSupport
import Testing

/// Expects the one shape every error has: detail, error.code, error.message, error.hint, and the request's id in both
/// places.
func expectError(
    _ answer: HTTPAnswer,
    _ status: Int,
    _ code: String,
    detail: String? = nil,
    _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(answer.status == status, comment, sourceLocation: sourceLocation)
    #expect(answer.json["error"]?["code"] == .string(code), comment, sourceLocation: sourceLocation)
    #expect(answer["Content-Type"] == "application/json; charset=utf-8", comment, sourceLocation: sourceLocation)
    #expect(
        answer.json.objectValue?.keys == ["detail", "error", "request_id"],
        comment,
        sourceLocation: sourceLocation
    )
    let hint = answer.json["error"]?["hint"]
    #expect(hint == .null || hint?.stringValue != nil, comment, sourceLocation: sourceLocation)
    #expect(answer.json["error"]?["message"] == answer.json["detail"], comment, sourceLocation: sourceLocation)
    if let detail { #expect(answer.json["detail"]?.stringValue == detail, comment, sourceLocation: sourceLocation) }
    let id = answer.json["request_id"]?.stringValue ?? ""
    #expect(isUUID(id), comment, sourceLocation: sourceLocation)
    #expect(answer.requestID == id, comment, sourceLocation: sourceLocation)
}

func isUUID(_ text: String) -> Bool {
    text.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil
}

extension RunningHost {
    /// The newest audit events, as `audit list --json` shows them.
    func auditEvents(limit: Int = 500) async throws -> [JSON] {
        let listed = try await cli(["audit", "list", "--limit", "\(limit)", "--json"])
        return try JSON.parse(listed.output)["events"]?.arrayValue ?? []
    }

    /// The event of one request; nil when there is none.
    func auditEvent(_ requestID: String?) async throws -> JSON? {
        let listed = try await cli(["audit", "list", "--request-id", requestID ?? "none", "--json"])
        return try JSON.parse(listed.output)["events"]?.arrayValue?.first
    }
}
