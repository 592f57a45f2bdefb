import Foundation
import GRDB

/// One write to a plugin's store, decided and done inside one transaction.
struct PluginValueWrite {
    let key: Data
    let value: Data
    let expectedRevision: UInt64
    let expiresAt: Int64?
    let quotaBytes: Int
    let maxEntries: Int
    let sweepBatch: Int

    /// Answers the new revision, or why nothing was written.
    func perform(
        for plugin: String,
        at now: Int64,
        in database: Database
    ) throws -> Result<UInt64, PluginValuesError> {
        typealias Schema = PluginValuesSchema
        var store = try Schema.store(of: plugin, in: database) ?? Schema.makeStore(of: plugin, in: database)
        _ = try Schema.sweep(&store, at: now, atMost: sweepBatch, in: database)
        while true {
            let old = try Schema.entry(forKey: key, of: store, in: database)
            guard expectedRevision == 0 || old.map({ isExpected($0, at: now) }) == true else {
                return .failure(.conflict)
            }
            if let refusal = refusal(in: store, over: old) {
                // Perhaps what has expired makes room.
                guard try Schema.sweep(&store, at: now, atMost: sweepBatch, in: database) > 0 else {
                    return .failure(refusal)
                }
                continue
            }
            store.revision += 1
            store.usedBytes += bytes - (old?.bytes ?? 0)
            store.entries += old == nil ? 1 : 0
            try Schema.write(value, forKey: key, expiresAt: expiresAt, of: store, in: database)
            try Schema.update(store, in: database)
            return .success(UInt64(store.revision))
        }
    }

    private var bytes: Int { key.count + value.count }

    private func isExpected(_ old: PluginValuesSchema.Entry, at now: Int64) -> Bool {
        if let expiresAt = old.expiresAt, expiresAt <= now { return false }
        return UInt64(old.revision) == expectedRevision
    }

    /// A write that takes no more than before is let through, also over a quota that was lowered since.
    private func refusal(in store: PluginValuesSchema.Store, over old: PluginValuesSchema.Entry?) -> PluginValuesError?
    {
        let wanted = store.usedBytes - (old?.bytes ?? 0) + bytes
        if wanted > quotaBytes, wanted > store.usedBytes {
            return .overQuota(wantedBytes: wanted, quotaBytes: quotaBytes)
        }
        if old == nil, store.entries >= maxEntries { return .tooManyEntries(limit: maxEntries) }
        return nil
    }
}
