import Foundation
import Glibc

@testable import Registry

/// Everything in a folder: kinds, modes, sizes, times and contents, links as links.
struct Snapshot: Equatable {
    struct Entry: Equatable {
        let mode: mode_t
        let size: Int
        var modified: timespec
        let content: String

        static func == (left: Entry, right: Entry) -> Bool {
            left.mode == right.mode && left.size == right.size && left.content == right.content
                && left.modified.tv_sec == right.modified.tv_sec && left.modified.tv_nsec == right.modified.tv_nsec
        }
    }

    private(set) var entries: [String: Entry] = [:]

    /// `isIgnored` is asked for every path; what lies below an ignored folder is ignored as well.
    init(of folder: String, ignoring isIgnored: (String) -> Bool) throws {
        var waiting = [""]
        while let below = waiting.popLast() {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder + "/" + below) {
                let path = below + name
                guard !isIgnored(path) else { continue }
                let entry = try Self.entry(folder + "/" + path)
                entries[path] = entry
                if entry.mode & S_IFMT == S_IFDIR { waiting.append(path + "/") }
            }
        }
    }

    /// The paths that are not the same in the other one.
    func differences(from other: Snapshot) -> [String] {
        Set(entries.keys).union(other.entries.keys).filter { entries[$0] != other.entries[$0] }.sorted()
    }

    /// The times of that folder count no more.
    mutating func forgetDate(of path: String) { entries[path]?.modified = timespec() }

    private static func entry(_ path: String) throws -> Entry {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw POSIXError(.EIO) }
        let content =
            switch status.st_mode & S_IFMT {
            case S_IFREG: SHA256Digest(of: [UInt8](try Data(contentsOf: URL(filePath: path)))).hex
            case S_IFLNK: try FileManager.default.destinationOfSymbolicLink(atPath: path)
            default: ""
            }
        return Entry(mode: status.st_mode, size: Int(status.st_size), modified: status.st_mtim, content: content)
    }
}
