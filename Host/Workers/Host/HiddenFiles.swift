import Glibc

/// What a process keeps of a folder's file system in files that have no name any more, or never had one: whoever counts
/// the folder's files does not see them, and the disk is full all the same (proc(5)).
struct HiddenFiles: Sendable, Hashable {
    /// Of open files what the disk keeps, of files that are only mapped what is mapped.
    private(set) var usedBytes = 0
    /// False when there is more than can be told.
    private(set) var isComplete = true

    /// The size of a file that is mapped and no longer open is nobody's to ask: more of them than this are too many.
    private static let maxMappedFiles = 8
    /// More mappings than the kernel lets a process have unless it is told to.
    private static let maxMappings = 200_000
    private static let mark = " (deleted)\n"

    /// Nothing where the folder or the process is not to be found.
    init(of process: pid_t, in folder: String) {
        var status = stat()
        guard let path = realpath(folder, nil) else { return }
        defer { free(path) }
        guard stat(path, &status) == 0 else { return }
        let open = countOpen("/proc/\(process)/fd", device: status.st_dev)
        countMapped("/proc/\(process)/maps", under: String(cString: path) + "/", except: open)
    }

    /// Returns the numbers of the files that were counted.
    private mutating func countOpen(_ path: String, device: dev_t) -> Set<ino_t> {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var counted: Set<ino_t> = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            var status = stat()
            guard stat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 0,
                status.st_dev == device, counted.insert(status.st_ino).inserted
            else { continue }
            usedBytes += Int(status.st_blocks) * 512
        }
        return counted
    }

    /// By the path, which the kernel keeps for files without a name as well: the system's own libraries may have been
    /// replaced while they were mapped.
    private mutating func countMapped(_ path: String, under folder: String, except open: Set<ino_t>) {
        guard let text = fopen(path, "re") else { return }
        defer { fclose(text) }
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        var mappings = 0
        var files: Set<ino_t> = []
        while getline(&line, &capacity, text) > 0, let line {
            mappings += 1
            guard mappings <= Self.maxMappings else {
                isComplete = false
                return
            }
            // Most lines say something else, and are not worth a string.
            guard strstr(line, Self.mark) != nil, let mapping = Mapping(String(cString: line)),
                mapping.path.hasPrefix(folder), !open.contains(mapping.file)
            else { continue }
            usedBytes += mapping.bytes
            files.insert(mapping.file)
        }
        if files.count > Self.maxMappedFiles { isComplete = false }
    }
}

/// A line such as `7f3c00000000-7f3c00001000 rw-s 00000000 08:01 1234    /path (deleted)`.
private struct Mapping {
    let bytes: Int
    let file: ino_t
    let path: Substring

    init?(_ line: String) {
        let words = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
        guard words.count == 6 else { return nil }
        let ends = words[0].split(separator: "-").compactMap { Int($0, radix: 16) }
        guard ends.count == 2, let file = ino_t(words[4]) else { return nil }
        bytes = max(0, ends[1] - ends[0])
        self.file = file
        path = words[5].drop { $0 == " " }
    }
}
