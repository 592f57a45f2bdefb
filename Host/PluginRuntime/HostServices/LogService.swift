import CPraximous
import Logging
import Synchronization

/// `prax.host.log/1`: a plugin's words in the host's log, labelled with its name and the request.
enum LogService {
    private static let maxFields = 32
    private static let maxFieldBytes = 1024

    /// Never changes once it is made.
    nonisolated(unsafe) static let table: UnsafePointer<prax_host_log> = {
        let table = UnsafeMutablePointer<prax_host_log>.allocate(capacity: 1)
        table.initialize(
            to: prax_host_log(
                size: UInt32(MemoryLayout<prax_host_log>.size),
                enabled: { host, level in
                    guard let object = HostObject.from(host) else { return 0 }
                    return object.logger.logLevel <= LogService.level(level) ? 1 : 0
                },
                log: { host, call, level, message, fields, count in
                    LogService.log(host, call, level, message, fields, count)
                }
            )
        )
        return UnsafePointer(table)
    }()

    private static func level(_ level: Int32) -> Logger.Level {
        switch level {
        case ...0: .trace
        case 1: .debug
        case 2: .info
        case 3: .warning
        default: .error
        }
    }

    private static func log(
        _ host: UnsafeMutableRawPointer?,
        _ call: prax_call,
        _ number: Int32,
        _ message: prax_str,
        _ fields: UnsafePointer<prax_kv>?,
        _ count: Int
    ) {
        guard let object = HostObject.from(host) else { return }
        let level = level(number)
        guard object.logger.logLevel <= level else { return }
        switch object.logAllowance.withLock({ $0.judge(at: MonotonicClock.now()) }) {
        case .drop: return
        case .write(0): break
        case .write(let dropped): object.logger.warning("log lines dropped", metadata: ["count": "\(dropped)"])
        }
        var metadata: Logger.Metadata = [:]
        let requestID = CallTable.shared.withOpen(call) { slot, _ in slot.pointee.context.requestID }
        if let requestID { metadata["request.id"] = "\(requestID)" }
        if let fields {
            for field in UnsafeBufferPointer(start: fields, count: min(max(0, count), maxFields)) {
                let value = field.value.text(maxBytes: maxFieldBytes).onOneLine
                metadata["plugin." + field.key.text(maxBytes: 64).onOneLine] = "\(value)"
            }
        }
        object.logger.log(level: level, "\(message.text().onOneLine)", metadata: metadata)
    }
}
