import Foundation
import Glibc
import Logging
import PluginRuntime

/// Standard output while the host serves: its own words go where the operator looks for them, and what a plugin inside
/// the host prints goes to the log.
enum StandardOutput {
    private static let maxLineBytes = 8192
    private static let maxLinesPerSecond = 100

    /// Takes standard output away from whoever prints, and returns the real one.
    ///
    /// The real one also when it cannot be taken away.
    static func claim(_ logger: Logger) -> FileHandle {
        fflush(nil)
        let real = fcntl(1, F_DUPFD_CLOEXEC, 3)
        var pipe: [Int32] = [-1, -1]
        guard real >= 0, Glibc.pipe(&pipe) == 0 else { return .standardOutput }
        for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        dup2(pipe[1], 1)
        close(pipe[1])
        let source = pipe[0]
        DetachedThread.start(named: "prax-stdout") { read(source, logger) }
        return FileHandle(fileDescriptor: real, closeOnDealloc: false)
    }

    private static func read(_ descriptor: Int32, _ logger: Logger) {
        var allowance = LogAllowance(linesPerSecond: maxLinesPerSecond)
        var line: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            for byte in buffer[..<count] {
                if byte != UInt8(ascii: "\n") {
                    if line.count < maxLineBytes { line.append(byte) }
                } else {
                    say(line, &allowance, logger)
                    line.removeAll(keepingCapacity: true)
                }
            }
        }
    }

    private static func say(_ line: [UInt8], _ allowance: inout LogAllowance, _ logger: Logger) {
        guard !line.isEmpty, case .write(let dropped) = allowance.judge(at: MonotonicClock.now()) else { return }
        if dropped > 0 { logger.warning("log lines dropped", metadata: ["count": "\(dropped)"]) }
        logger.info("printed by a plugin", metadata: ["text": "\(String(decoding: line, as: UTF8.self).onOneLine)"])
    }
}
