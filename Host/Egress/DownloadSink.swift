import Glibc

/// Where a body goes.
///
/// Only the thread of the transfer writes; others read after it has ended.
protocol DownloadSink: AnyObject, Sendable {
    var maxBytes: Int { get }
    /// Returns what went wrong, or nil.
    func write(_ bytes: UnsafeRawBufferPointer) -> SinkRefusal?
}

enum SinkRefusal {
    case tooLarge
    case unwritable(String)
}

/// `@unchecked`: written by the transfer's thread alone; `DedicatedThread.run` ends before anyone reads.
final class MemorySink: DownloadSink, @unchecked Sendable {
    let maxBytes: Int
    private(set) var bytes: [UInt8] = []

    init(maxBytes: Int) { self.maxBytes = maxBytes }

    func write(_ part: UnsafeRawBufferPointer) -> SinkRefusal? {
        guard part.count <= maxBytes - bytes.count else { return .tooLarge }
        bytes.append(contentsOf: part)
        return nil
    }
}

/// `@unchecked`: written by the transfer's thread alone; `DedicatedThread.run` ends before anyone reads.
final class FileSink: DownloadSink, @unchecked Sendable {
    let maxBytes: Int
    private(set) var count = 0
    private let descriptor: Int32

    init(descriptor: Int32, maxBytes: Int) {
        self.descriptor = descriptor
        self.maxBytes = maxBytes
    }

    func write(_ part: UnsafeRawBufferPointer) -> SinkRefusal? {
        guard part.count <= maxBytes - count else { return .tooLarge }
        var rest = part
        while !rest.isEmpty {
            let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { return .unwritable(errorText(errno)) }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
        count += part.count
        return nil
    }
}
