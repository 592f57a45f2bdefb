/// How a plugin failed, in words that logs, counters and files keep stable.
package enum FaultKind: Sendable, Hashable {
    /// A signal ended the process.
    case crashed(signal: Int32)
    /// The process ended by itself, 0 included, although it was to serve.
    case exited(code: Int32)
    /// A call went past its deadline, and cancelling did not end it.
    case timeout
    /// The process no longer answers the host, whether it has calls or not.
    case unresponsive
    /// What it sent is no message, or none that it may send.
    case protocolViolation
    case memory, threads, descriptors, disk
    /// It broke the rules of the header again and again.
    case misbehaved
    /// It was not ready in time, or ended before it was.
    case startFailed
    /// It changed how the host handles signals.
    case signalHandlers

    /// The word for machines.
    package var word: String {
        switch self {
        case .crashed: "crashed"
        case .exited: "exited"
        case .timeout: "timeout"
        case .unresponsive: "unresponsive"
        case .protocolViolation: "protocol_violation"
        case .memory: "memory"
        case .threads: "threads"
        case .descriptors: "descriptors"
        case .disk: "disk"
        case .misbehaved: "misbehaved"
        case .startFailed: "start_failed"
        case .signalHandlers: "signal_handlers"
        }
    }

    /// The signal or the exit code that belongs to the word.
    package var number: Int32? {
        switch self {
        case .crashed(let signal): signal
        case .exited(let code): code
        default: nil
        }
    }

    /// What happened, as the end of a sentence about the plugin.
    package var phrase: String {
        switch self {
        case .crashed(let signal): "crashed with signal \(signal)"
        case .exited(let code): "ended its process with exit code \(code)"
        case .timeout: "did not end a call in time"
        case .unresponsive: "stopped answering"
        case .protocolViolation: "sent the host something that is no answer"
        case .memory: "used more memory than it may"
        case .threads: "started more threads than it may"
        case .descriptors: "opened more files than it may"
        case .disk: "wrote more to the disk than it may"
        case .misbehaved: "ended calls against the rules too often"
        case .startFailed: "did not start"
        case .signalHandlers: "changed the host's signal handlers"
        }
    }
}
