import Glibc
import Synchronization

/// The `Date` header of answers (RFC 9110, 5.6.7), written anew once a second: formatting it costs more than all else in
/// an answer's head.
final class DateLine: Sendable {
    private let line = Mutex(DateLine.format(time(nil)))

    var text: String { line.withLock { $0 } }

    /// Called every second.
    func renew() {
        let text = Self.format(time(nil))
        line.withLock { $0 = text }
    }

    /// In the C locale, in which a process stays that asks for no other.
    private static func format(_ seconds: time_t) -> String {
        var (seconds, parts) = (seconds, tm())
        gmtime_r(&seconds, &parts)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            let count = strftime(buffer.baseAddress, buffer.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
            return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}
