import Foundation
import GRDB
import GRDBSQLite

/// Binds values to a prepared statement without boxing them: GRDB's arguments cost more than the insert itself.
struct RowBinder: ~Copyable {
    private let statement: OpaquePointer

    init(_ statement: OpaquePointer) { self.statement = statement }

    func bind(_ index: Int32, _ number: Int64) { sqlite3_bind_int64(statement, index, number) }

    func bind(_ index: Int32, _ number: Int64?) {
        if let number { bind(index, number) } else { sqlite3_bind_null(statement, index) }
    }

    /// SQLite copies the text, so it may be temporary.
    func bind(_ index: Int32, _ text: String?) {
        guard var text else {
            sqlite3_bind_null(statement, index)
            return
        }
        let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        guard !text.isEmpty else {
            // An empty buffer may have no address, and a null pointer would bind NULL.
            sqlite3_bind_text(statement, index, "", 0, copies)
            return
        }
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                _ = sqlite3_bind_text(
                    statement,
                    index,
                    characters.baseAddress,
                    Int32(clamping: characters.count),
                    copies
                )
            }
        }
    }

    /// Runs the statement once and makes it ready for the next row; answers SQLite's result code.
    func run() -> Int32 {
        let result = sqlite3_step(statement)
        sqlite3_reset(statement)
        return result
    }
}
