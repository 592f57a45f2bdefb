import Glibc
import Logging
import PluginRuntime
import Synchronization

/// What a worker has to say: its log lines, and what it prints although it should not.
///
/// All of it goes to the host's log, labelled, on one line each and no more of it than is allowed.
final class PluginWords: Sendable {
    private struct State {
        var allowance: LogAllowance
        /// The last that was printed, for when the worker crashes.
        var tail: [UInt8] = []
    }

    private static let maxLineBytes = 8192
    private static let maxTailBytes = 4096

    private let logger: Logger
    private let state: Mutex<State>
    private let ended = Semaphore()

    init(logger: Logger, linesPerSecond: Int) {
        self.logger = logger
        state = Mutex(State(allowance: LogAllowance(linesPerSecond: linesPerSecond)))
    }

    /// The last lines that were printed, once everything has been read.
    var last: String {
        // The pipe ends with the process and all it has started; what a forked child holds open is not waited for.
        ended.wait(until: MonotonicClock.now() &+ 20_000_000)
        return String(decoding: state.withLock { $0.tail }, as: UTF8.self).onOneLine
    }

    func say(_ message: LogMessage, isKnown: (_ requestID: String) -> Bool) {
        guard logger.logLevel <= message.level, mayWrite() else { return }
        var metadata: Logger.Metadata = [:]
        for field in message.fields {
            // A worker that was taken over must not write under another plugin's request.
            if field.key == "request.id", !isKnown(field.value) { continue }
            // Nor under its name: that is the host's to say.
            if field.key == "plugin" { continue }
            metadata[field.key.onOneLine] = "\(field.value.onOneLine)"
        }
        logger.log(level: message.level, "\(message.text.onOneLine)", metadata: metadata)
    }

    /// Reads the pipe to its end, on a thread of its own; takes the descriptor over.
    func read(_ descriptor: Int32) {
        let isStarted = DetachedThread.start(named: "prax-output") { [self] in
            var line: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 16 << 10)
            while true {
                let count = Glibc.read(descriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                take(buffer[..<count], &line)
            }
            print(line)
            close(descriptor)
            ended.signal()
        }
        if !isStarted { close(descriptor) }
    }

    private func take(_ bytes: ArraySlice<UInt8>, _ line: inout [UInt8]) {
        state.withLock { $0.tail = Array(($0.tail + bytes).suffix(Self.maxTailBytes)) }
        for byte in bytes {
            if byte != UInt8(ascii: "\n") {
                // The rest of a longer line is not worth its memory.
                if line.count < Self.maxLineBytes { line.append(byte) }
            } else {
                print(line)
                line.removeAll(keepingCapacity: true)
            }
        }
    }

    private func print(_ line: [UInt8]) {
        guard !line.isEmpty, logger.logLevel <= .info, mayWrite() else { return }
        logger.info("printed", metadata: ["text": "\(String(decoding: line, as: UTF8.self).onOneLine)"])
    }

    private func mayWrite() -> Bool {
        switch state.withLock({ $0.allowance.judge(at: MonotonicClock.now()) }) {
        case .drop: return false
        case .write(0): return true
        case .write(let dropped):
            logger.warning("log lines dropped", metadata: ["count": "\(dropped)"])
            return true
        }
    }
}
