import Core
import Storage

/// The limits in the database of the keys, read again when the file has changed.
final class LimitSource: Sendable {
    private let keys: KeyStore
    private let watcher: ChangeWatcher

    init(_ keys: KeyStore) throws {
        self.keys = keys
        watcher = try ChangeWatcher(path: keys.path)
    }

    /// A number that stands for what ``read()`` answers.
    ///
    /// Asked before reading: a change in between is then seen twice, not missed.
    func version() throws -> Int64 { try watcher.version() }

    func read() throws -> LimitTable { try keys.limitTable() }
}
