import Core
import Synchronization

/// The ETag of the index as it was fetched last, so that an unchanged one need not be sent again (RFC 9110, 8.8.3).
final class EntityTags: Sendable {
    private static let suffix = ".etag"
    private static let maxBytes = 1024

    private let cache: IndexCache
    private let known = Mutex<[String: String]>([:])

    init(_ cache: IndexCache) { self.cache = cache }

    /// The tag of a file that was kept.
    func tag(of name: String) -> String? {
        guard let bytes = try? cache.read(name + Self.suffix, maxBytes: Self.maxBytes) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    func kept(_ name: String, maxBytes: Int) throws -> [UInt8]? { try cache.read(name, maxBytes: maxBytes) }

    func note(_ tag: String?, of name: String) {
        known.withLock { $0[name] = tag.flatMap { $0.utf8.count <= Self.maxBytes ? $0 : nil } }
    }

    /// What is to be kept beside the files.
    var files: [String: [UInt8]] {
        known.withLock { known in
            Dictionary(uniqueKeysWithValues: known.map { ($0.key + Self.suffix, Array($0.value.utf8)) })
        }
    }
}
