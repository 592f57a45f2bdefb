import Core
import GRDB

/// The table of the limits, beside that of the keys: a change of either wakes those who watch the file.
enum LimitSchema {
    static let table = """
        CREATE TABLE limits (
            kind                TEXT NOT NULL,  -- key, user or team
            subject             TEXT NOT NULL,  -- of a key: the first id of its chain of rotations
            requests_per_minute INTEGER,        -- NULL: no limit, as in the other columns
            tokens_per_minute   INTEGER,
            max_concurrent      INTEGER,
            budget_micros       INTEGER,        -- micro-USD
            budget_period       TEXT,           -- day, week, month or total
            PRIMARY KEY (kind, subject)
        ) STRICT, WITHOUT ROWID
        """

    static func table(in database: Database) throws -> LimitTable {
        var limits: [LimitSubject: UsageLimits] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT * FROM limits") {
            let subject: String = row["subject"]
            guard let kind = LimitSubject.Kind(rawValue: row["kind"]) else { throw unknown("kind", of: subject) }
            limits[LimitSubject(kind, subject)] = try decode(row, of: subject)
        }
        return LimitTable(limits: limits, origins: try origins(in: database))
    }

    static func set(_ limits: UsageLimits, for subject: LimitSubject, in database: Database) throws {
        let key: StatementArguments = [subject.kind.rawValue, subject.id]
        try database.execute(sql: "DELETE FROM limits WHERE kind = ? AND subject = ?", arguments: key)
        guard limits != .none else { return }
        try database.execute(
            sql: "INSERT INTO limits VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: key + [
                limits.requestsPerMinute, limits.tokensPerMinute, limits.maxConcurrent,
                limits.budget?.micros, limits.budget?.period.rawValue,
            ]
        )
    }

    private static func decode(_ row: Row, of subject: String) throws -> UsageLimits {
        var budget: Budget?
        if let micros: Int64 = row["budget_micros"] {
            let word: String? = row["budget_period"]
            guard micros >= 0, let period = word.flatMap(BudgetPeriod.init(rawValue:)) else {
                throw unknown("budget_period", of: subject)
            }
            budget = Budget(micros: micros, period: period)
        }
        return UsageLimits(
            requestsPerMinute: row["requests_per_minute"],
            tokensPerMinute: row["tokens_per_minute"],
            maxConcurrent: row["max_concurrent"],
            budget: budget
        )
    }

    /// Follows each chain of rotations to its first key; a ring, which only a damaged file has, ends somewhere on it.
    private static func origins(in database: Database) throws -> [String: String] {
        let sql = "SELECT id, rotated_from FROM api_keys WHERE rotated_from IS NOT NULL"
        var parents: [String: String] = [:]
        for row in try Row.fetchAll(database, sql: sql) { parents[row["id"]] = row["rotated_from"] as String }
        return parents.keys.reduce(into: [:]) { origins, id in
            var origin = id
            var steps = 0
            while let parent = parents[origin], steps < parents.count {
                origin = parent
                steps += 1
            }
            origins[id] = origin
        }
    }

    private static func unknown(_ column: String, of subject: String) -> StorageError {
        .badRow(table: "limits", id: subject, column: column)
    }
}
