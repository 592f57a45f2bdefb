import Glibc

/// What the host sees of a worker: its memory and where its paths start.
///
/// Opened once, so that nothing of a later process with the same number is ever read: after the worker's end the reads
/// fail.
///
/// All of it is the worker's word. Everything is bounded, and nothing waits for the worker.
final class WorkerView: Sendable {
    static let maxPathBytes = 4096

    private let process: pid_t
    /// /proc/PID and its mem; -1 when they cannot be opened.
    private let folder: Int32
    private let memory: Int32

    init(_ process: pid_t) {
        self.process = process
        folder = Glibc.open("/proc/\(process)", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        memory = folder >= 0 ? openat(folder, "mem", O_RDONLY | O_CLOEXEC) : -1
    }

    deinit {
        if memory >= 0 { close(memory) }
        if folder >= 0 { close(folder) }
    }

    /// The path at an address without its NUL; nil when it cannot be read or does not end in time.
    func path(at address: UInt64) -> [UInt8]? {
        var bytes: [UInt8] = []
        var next = address
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count < Self.maxPathBytes {
            // A piece never crosses into a page that may not be there.
            let piece = Int(4096 - next % 4096)
            let count = read(at: next, into: &buffer, piece)
            guard count > 0 else { return nil }
            if let end = buffer[..<count].firstIndex(of: 0) {
                bytes += buffer[..<end]
                return bytes.count < Self.maxPathBytes ? bytes : nil
            }
            bytes += buffer[..<count]
            next &+= UInt64(count)
        }
        return nil
    }

    /// Eight bytes at an address.
    func word(at address: UInt64) -> UInt64? {
        var buffer = [UInt8](repeating: 0, count: 8)
        guard read(at: address, into: &buffer, 8) == 8 else { return nil }
        return buffer.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
    }

    private func read(at address: UInt64, into buffer: inout [UInt8], _ count: Int) -> Int {
        guard memory >= 0, let offset = off_t(exactly: address) else { return -1 }
        return pread(memory, &buffer, count, offset)
    }

    /// The absolute path that `path` means to a thread of the worker; nil when that cannot be told.
    func absolute(_ path: [UInt8], from folderNumber: Int32, thread: pid_t) -> [UInt8]? {
        guard path.first == UInt8(ascii: "/") else {
            let start = folderNumber == AT_FDCWD ? link("cwd") : link("fd/\(folderNumber)")
            return start.map { $0 + [UInt8(ascii: "/")] + path }
        }
        // `self` is whoever looks.
        for (name, meaning) in [
            ("/proc/self/", "/proc/\(process)/"), ("/proc/thread-self/", "/proc/\(process)/task/\(thread)/"),
            ("/dev/fd/", "/proc/\(process)/fd/"),
        ] where path.starts(with: name.utf8) {
            return Array(meaning.utf8) + path.dropFirst(name.utf8.count)
        }
        return path
    }

    /// Opens one of its files in /proc, as `task/7/stat`, for reading; -1 when there is none.
    func open(_ name: String) -> Int32 {
        folder >= 0 ? openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1
    }

    private func link(_ name: String) -> [UInt8]? {
        guard folder >= 0 else { return nil }
        var buffer = [CChar](repeating: 0, count: Self.maxPathBytes)
        let count = readlinkat(folder, name, &buffer, buffer.count)
        guard count > 0, buffer[0] == CChar(bitPattern: UInt8(ascii: "/")) else { return nil }
        return buffer[..<count].map { UInt8(bitPattern: $0) }
    }
}
