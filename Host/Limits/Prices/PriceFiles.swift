import Foundation
import Manifests
import Synchronization

/// The files that prices come from: the operator's, whose entries count first, and the one that ships with the host.
package final class PriceFiles: Sendable {
    private let paths: [String]
    private let seen = Mutex<[Stamp?]>([])

    /// Changes when a file is replaced or written.
    private struct Stamp: Equatable {
        let inode: UInt64
        let size: Int64
        let seconds: Int
        let nanoseconds: Int
    }

    /// A file that is not there has no prices.
    package init(operators: String, shipped: String?) {
        paths = [operators] + (shipped.map { [$0] } ?? [])
    }

    /// Reads all files.
    ///
    /// Throws what ``PriceTable`` throws, and Foundation's error for a file that cannot be read.
    package func read() throws -> PriceTable {
        let stamps = paths.map(Self.stamp)
        seen.withLock { $0 = stamps }
        var table = PriceTable()
        for (path, stamp) in zip(paths, stamps) where stamp != nil {
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            let part = try PriceTable(yaml: bytes, source: path)
            table.unknown = table.unknown ?? part.unknown
            table.entries += part.entries
        }
        return table
    }

    /// Reads the files again if one has changed since the last time; nil if none has.
    package func readIfChanged() throws -> PriceTable? {
        let stamps = paths.map(Self.stamp)
        guard seen.withLock({ $0 != stamps }) else { return nil }
        return try read()
    }

    private static func stamp(_ path: String) -> Stamp? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Stamp(
            inode: UInt64(status.st_ino),
            size: Int64(status.st_size),
            seconds: status.st_mtim.tv_sec,
            nanoseconds: status.st_mtim.tv_nsec
        )
    }
}
