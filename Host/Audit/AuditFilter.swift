package import Core
import GRDB

/// Which events to show; what is nil does not matter.
package struct AuditFilter: Sendable, Hashable {
    package var kind: AuditEvent.Kind?
    package var status: AuditEvent.Status?
    package var taskType: String?
    package var provider: String?
    package var keyID: String?
    package var errorCode: String?
    /// The first time that counts, in microseconds since 1970.
    package var from: Int64?
    /// The first time that no longer counts.
    package var until: Int64?

    package init(
        kind: AuditEvent.Kind? = nil,
        status: AuditEvent.Status? = nil,
        taskType: String? = nil,
        provider: String? = nil,
        keyID: String? = nil,
        errorCode: String? = nil,
        from: Int64? = nil,
        until: Int64? = nil
    ) {
        self.kind = kind
        self.status = status
        self.taskType = taskType
        self.provider = provider
        self.keyID = keyID
        self.errorCode = errorCode
        self.from = from
        self.until = until
    }

    /// The conditions as SQL, the values apart from it.
    var query: Query {
        var query = Query()
        query.add("kind = ?", kind?.rawValue)
        query.add("status = ?", status?.rawValue)
        query.add("task_type = ?", taskType)
        query.add("provider = ?", provider)
        query.add("key_id = ?", keyID)
        query.add("error_code = ?", errorCode)
        query.add("time >= ?", from)
        query.add("time < ?", until)
        return query
    }

    struct Query: Sendable {
        private var terms: [String] = []
        private(set) var arguments: [any DatabaseValueConvertible & Sendable] = []

        var condition: String { terms.isEmpty ? "" : " WHERE " + terms.joined(separator: " AND ") }

        mutating func add(_ term: String, _ value: (any DatabaseValueConvertible & Sendable)?) {
            guard let value else { return }
            terms.append(term)
            arguments.append(value)
        }
    }
}
