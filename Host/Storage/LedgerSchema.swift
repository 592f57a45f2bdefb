import Core
import GRDB

/// The tables of what was spent of budgets, and the statements on them.
enum LedgerSchema {
    static let migrations = [
        Migration(
            """
            CREATE TABLE budget_ledger (
                kind         TEXT NOT NULL,     -- key, user or team
                subject      TEXT NOT NULL,
                period       TEXT NOT NULL,     -- day, week, month or total
                period_start INTEGER NOT NULL,  -- microseconds since 1970, UTC; 0 for total
                spent_micros INTEGER NOT NULL,  -- micro-USD
                PRIMARY KEY (kind, subject, period, period_start)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE reservations (
                owner         TEXT NOT NULL,    -- one run of a host
                boot_id       TEXT NOT NULL,    -- of the kernel, for which expires_at counts
                kind          TEXT NOT NULL,
                subject       TEXT NOT NULL,
                period        TEXT NOT NULL,
                period_start  INTEGER NOT NULL,
                amount_micros INTEGER NOT NULL, -- what that host may spend without asking again
                expires_at    INTEGER NOT NULL, -- nanoseconds since that boot
                PRIMARY KEY (owner, kind, subject, period, period_start)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX reservations_account ON reservations (kind, subject, period, period_start)
            """
        )
    ]

    static func spent(of account: LedgerAccount, in database: Database) throws -> Int64 {
        let statement = try database.cachedStatement(
            sql: """
                SELECT spent_micros FROM budget_ledger
                WHERE kind = ? AND subject = ? AND period = ? AND period_start = ?
                """
        )
        return try Int64.fetchOne(statement, arguments: account.arguments) ?? 0
    }

    static func setSpent(_ micros: Int64, of account: LedgerAccount, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO budget_ledger VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET spent_micros = excluded.spent_micros
                """
        )
        try statement.execute(arguments: account.arguments + [micros])
    }

    /// What other runs hold, counted as at most `limit`.
    static func reserved(
        _ account: LedgerAccount,
        notBy owner: LedgerOwner,
        atMost limit: Int64,
        in database: Database
    ) throws -> Int64 {
        let statement = try database.cachedStatement(
            sql: """
                SELECT amount_micros FROM reservations
                WHERE kind = ? AND subject = ? AND period = ? AND period_start = ? AND owner <> ?
                """
        )
        return try Int64.fetchAll(statement, arguments: account.arguments + [owner.id])
            .reduce(0) { sum, amount in min(limit, sum + min(limit, amount)) }
    }

    static func setReservation(
        _ micros: Int64,
        of account: LedgerAccount,
        by owner: LedgerOwner,
        until expiry: UInt64,
        in database: Database
    ) throws {
        let key: StatementArguments = [owner.id, owner.bootID] + account.arguments
        guard micros > 0 else {
            let statement = try database.cachedStatement(
                sql: """
                    DELETE FROM reservations WHERE owner = ? AND boot_id = ?
                        AND kind = ? AND subject = ? AND period = ? AND period_start = ?
                    """
            )
            return try statement.execute(arguments: key)
        }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO reservations VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET amount_micros = excluded.amount_micros, expires_at = excluded.expires_at
                """
        )
        try statement.execute(arguments: key + [micros, Int64(clamping: expiry)])
    }

    /// Takes away what was reserved by runs that are over: before this boot, or not renewed in time.
    static func removeDead(_ owner: LedgerOwner, at now: UInt64, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "DELETE FROM reservations WHERE owner <> ? AND (boot_id <> ? OR expires_at <= ?)"
        )
        try statement.execute(arguments: [owner.id, owner.bootID, Int64(clamping: now)])
    }
}

extension LedgerAccount {
    fileprivate var arguments: StatementArguments { [subject.kind.rawValue, subject.id, period.rawValue, start] }
}
