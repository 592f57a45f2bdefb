import Core
import GRDB
import Storage

/// The table of the audit events, and the one place where an event becomes a row and a row an event.
enum AuditSchema {
    static let migrations = [
        Migration(
            """
            CREATE TABLE audit_events (
                sequence       INTEGER PRIMARY KEY,  -- in the order of the commits
                request_id     TEXT NOT NULL UNIQUE, -- the caller's request_id, a UUID
                time           INTEGER NOT NULL,     -- arrival, microseconds since 1970, UTC
                kind           TEXT NOT NULL,        -- process, auth, admin, fault, denial
                key_id         TEXT,                 -- public id of the key; never the key
                principal      TEXT,                 -- the key's name at that time
                task_type      TEXT,
                operation      TEXT,
                provider       TEXT,                 -- who served, such as skill:echo
                status         TEXT NOT NULL,        -- success, error
                failure        TEXT,                 -- class of the failure
                error_code     TEXT,                 -- stable word of the failure
                latency_us     INTEGER NOT NULL,
                request_bytes  INTEGER NOT NULL,
                response_bytes INTEGER NOT NULL,
                client_address TEXT
            ) STRICT
            """
        ),
        Migration(
            """
            ALTER TABLE audit_events ADD COLUMN model TEXT;                  -- the upstream's name for who answered
            ALTER TABLE audit_events ADD COLUMN input_tokens INTEGER;        -- the cached ones included
            ALTER TABLE audit_events ADD COLUMN output_tokens INTEGER;
            ALTER TABLE audit_events ADD COLUMN cached_input_tokens INTEGER;
            ALTER TABLE audit_events ADD COLUMN tokens_estimated INTEGER;    -- 1: no provider counted
            ALTER TABLE audit_events ADD COLUMN cost_micros INTEGER;         -- millionths of a US dollar
            ALTER TABLE audit_events ADD COLUMN attempts INTEGER;            -- NULL: no request of a model
            ALTER TABLE audit_events ADD COLUMN first_token_us INTEGER;      -- streams alone
            """
        ),
    ]

    static let insert = """
        INSERT INTO audit_events (
            request_id, time, kind, key_id, principal, task_type, operation, provider,
            status, failure, error_code, latency_us, request_bytes, response_bytes, client_address,
            model, input_tokens, output_tokens, cached_input_tokens, tokens_estimated,
            cost_micros, attempts, first_token_us
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    /// Longer texts are cut: a client chooses the task type of a request, also of one that is refused.
    static let maxTextBytes = 512

    /// Binds the event to the parameters of `insert`, in their order.
    static func bind(_ event: AuditEvent, to row: borrowing RowBinder) {
        row.bind(1, shown(event.requestID))
        row.bind(2, event.time)
        row.bind(3, event.kind.rawValue)
        row.bind(4, event.keyID.map(shown))
        row.bind(5, event.principalName.map(shown))
        row.bind(6, event.taskType.map(shown))
        row.bind(7, event.operation.map(shown))
        row.bind(8, event.provider.map(shown))
        row.bind(9, event.status.rawValue)
        row.bind(10, event.failure?.rawValue)
        row.bind(11, event.errorCode.map(shown))
        row.bind(12, event.latencyMicroseconds)
        row.bind(13, event.requestBytes)
        row.bind(14, event.responseBytes)
        row.bind(15, event.clientAddress.map(shown))
        let use = event.modelUse
        row.bind(16, (use?.model).map(shown))
        row.bind(17, (use?.usage?.inputTokens).map(Int64.init))
        row.bind(18, (use?.usage?.outputTokens).map(Int64.init))
        row.bind(19, (use?.usage?.cachedInputTokens).map(Int64.init))
        row.bind(20, (use?.usage?.isEstimated).map { $0 ? 1 : 0 })
        row.bind(21, use?.costMicros)
        row.bind(22, (use?.attempts).map(Int64.init))
        row.bind(23, use?.firstTokenMicroseconds)
    }

    /// The text as it may be stored: bounded, and without NUL, behind which SQLite's tools would show nothing.
    private static func shown(_ text: String) -> String {
        let utf8 = text.utf8
        guard utf8.count > maxTextBytes || utf8.contains(0) else { return text }
        let kept = String(decoding: utf8.prefix(maxTextBytes), as: UTF8.self)
        return String(kept.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : Character($0) })
            + (utf8.count > maxTextBytes ? "…" : "")
    }

    static func decode(_ row: Row) throws -> StoredAuditEvent {
        let sequence: Int64 = row["sequence"]
        let failure: String? = row["failure"]
        let event = AuditEvent(
            requestID: row["request_id"],
            time: row["time"],
            kind: try word(row["kind"], "kind", sequence),
            status: try word(row["status"], "status", sequence),
            keyID: row["key_id"],
            principalName: row["principal"],
            taskType: row["task_type"],
            operation: row["operation"],
            provider: row["provider"],
            failure: try failure.map { try word($0, "failure", sequence) },
            errorCode: row["error_code"],
            latencyMicroseconds: row["latency_us"],
            requestBytes: row["request_bytes"],
            responseBytes: row["response_bytes"],
            clientAddress: row["client_address"],
            modelUse: decodeModelUse(row)
        )
        return StoredAuditEvent(sequence: sequence, event: event)
    }

    private static func decodeModelUse(_ row: Row) -> ModelUse? {
        guard let attempts: Int = row["attempts"] else { return nil }
        let input: Int? = row["input_tokens"]
        return ModelUse(
            model: row["model"],
            usage: input.map { input in
                TokenUsage(
                    inputTokens: input,
                    outputTokens: row["output_tokens"] ?? 0,
                    cachedInputTokens: row["cached_input_tokens"] ?? 0,
                    isEstimated: row["tokens_estimated"] ?? false
                )
            },
            costMicros: row["cost_micros"],
            attempts: attempts,
            firstTokenMicroseconds: row["first_token_us"]
        )
    }

    private static func word<Word: RawRepresentable<String>>(
        _ text: String,
        _ column: String,
        _ sequence: Int64
    ) throws -> Word {
        guard let word = Word(rawValue: text) else { throw AuditError.badRow(sequence: sequence, column: column) }
        return word
    }
}
