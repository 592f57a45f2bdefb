import Core
import Egress

/// The copies of an index and its companions, for looking around without a network: `plugins/cache/index-…/`.
///
/// They are checked again whenever they are used.
package struct IndexCache: Sendable {
    package let path: String

    package init(layout: StoreLayout, source: IndexSource) {
        path = layout.cacheFolder + "/index-" + SHA256Digest(of: Array(source.address.text.utf8)).hex.prefix(12)
    }

    /// Replaces what was kept; what is not given any more goes.
    ///
    /// `files` are by path beside the index, such as `registry/timestamp.json`.
    func store(_ files: [String: [UInt8]]) throws {
        let folder = try Folder.make(path)
        let names = Set(files.keys.map(Self.name))
        // Mostly nothing has changed, and megabytes need not be forced to disk for that.
        let changed = files.sorted { $0.key < $1.key }.filter { name, bytes in
            (try? folder.openFile(Self.name(name)).holds(bytes)) != true
        }
        try folder.replaceFiles(changed.map { (Self.name($0.key), $0.value) })
        for name in try folder.names() where !names.contains(name) { try folder.removeIfPresent(name) }
    }

    package func read(_ name: String, maxBytes: Int) throws -> [UInt8]? {
        guard let folder = try Folder.openIfPresent(path), try folder.status(Self.name(name)) != nil else { return nil }
        return try folder.openFile(Self.name(name)).readAll(maxBytes: maxBytes)
    }

    /// A file name for a path.
    private static func name(_ path: String) -> String { path.replacing("/", with: "+") }
}
