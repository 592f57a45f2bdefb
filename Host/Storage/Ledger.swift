import Core
import GRDB

/// What was spent of each budget, and what running hosts have reserved of the rest, in SQLite.
///
/// A commit survives the end of the process; ``sync()`` makes what was committed survive a power cut.
package final class Ledger: Sendable {
    private let queue: DatabaseQueue

    /// Opens the file and makes it where there is none.
    package init(path: String) throws {
        queue = try DatabaseFile.open(path, migrations: LedgerSchema.migrations, durability: .normal)
    }

    /// Writes what was spent and renews the reservations, all in one transaction.
    ///
    /// A reservation is as much as is wanted, but never so much that it and what others have reserved would exceed
    /// the budget. `now` and `expiry` are nanoseconds since the owner's boot. The positions come in the order asked.
    package func advance(
        _ advances: [LedgerAdvance],
        by owner: LedgerOwner,
        now: UInt64,
        expiry: UInt64
    ) throws -> [LedgerPosition] {
        try queue.write { database in
            try LedgerSchema.removeDead(owner, at: now, in: database)
            return try advances.map { advance in
                var spent = try LedgerSchema.spent(of: advance.account, in: database)
                if advance.spent > 0 {
                    let (sum, overflow) = spent.addingReportingOverflow(advance.spent)
                    spent = overflow ? .max : sum
                    try LedgerSchema.setSpent(spent, of: advance.account, in: database)
                }
                let others = try LedgerSchema.reserved(
                    advance.account,
                    notBy: owner,
                    atMost: USDAmount.maxMicros,
                    in: database
                )
                let free = max(0, advance.limit - min(spent, advance.limit) - others)
                let reserved = max(advance.promised, min(advance.wanted, free))
                try LedgerSchema.setReservation(
                    reserved,
                    of: advance.account,
                    by: owner,
                    until: expiry,
                    in: database
                )
                return LedgerPosition(spent: spent, reserved: reserved)
            }
        }
    }

    /// Gives up whatever the owner has reserved.
    package func release(_ owner: LedgerOwner) throws {
        try queue.write { try $0.execute(sql: "DELETE FROM reservations WHERE owner = ?", arguments: [owner.id]) }
    }

    /// How much was spent of an account, in micro-USD.
    package func spent(of account: LedgerAccount) throws -> Int64 {
        try queue.read { try LedgerSchema.spent(of: account, in: $0) }
    }

    /// Forgets what was spent in a period; a running host hears of it within a second.
    package func reset(_ account: LedgerAccount) throws {
        try queue.write { try LedgerSchema.setSpent(0, of: account, in: $0) }
    }

    /// The sum of what all hosts have reserved, in micro-USD, and by how many reservations.
    package func reservations() throws -> (count: Int, micros: Int64) {
        try queue.read { database in
            let amounts = try Int64.fetchAll(database, sql: "SELECT amount_micros FROM reservations")
            return (amounts.count, amounts.reduce(0) { min(USDAmount.maxMicros, $0 + $1) })
        }
    }

    /// A number that differs from the last one if and only if another process has changed the file.
    package func foreignVersion() throws -> Int64 {
        try queue.read { try Int64.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
    }

    /// Waits until what was committed is on the disk.
    package func sync() throws {
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA wal_checkpoint(PASSIVE)")
        }
    }
}
