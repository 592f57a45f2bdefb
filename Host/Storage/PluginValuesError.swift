/// Why a plugin's value was not read or written; the store is as it was before.
package enum PluginValuesError: Error, Sendable, Hashable {
    case notFound
    /// The key is empty, which no key may be.
    case emptyKey
    case keyTooLarge(bytes: Int, limit: Int)
    case valueTooLarge(bytes: Int, limit: Int)
    case overQuota(wantedBytes: Int, quotaBytes: Int)
    case tooManyEntries(limit: Int)
    /// Another revision is there than the expected one, or none.
    case conflict
    /// The disk is full, read-only or broken, or another process holds the file for too long.
    case unavailable(reason: String)
}

extension PluginValuesError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFound: "there is no value under this key"
        case .emptyKey: "the key is empty; a key has at least one byte"
        case .keyTooLarge(let bytes, let limit): "the key has \(bytes) bytes, at most \(limit) are allowed"
        case .valueTooLarge(let bytes, let limit): "the value has \(bytes) bytes, at most \(limit) are allowed"
        case .overQuota(let wanted, let quota):
            "keys and values would take \(wanted) bytes and \(quota) were granted; delete some, or raise storage.kv"
        case .tooManyEntries(let limit): "a plugin may keep \(limit) values; delete some, or put several into one"
        case .conflict: "the value was changed since it was read; read it again"
        case .unavailable(let reason):
            "the plugins' database cannot be used: \(reason); check that the disk is not full and can be written"
        }
    }
}
