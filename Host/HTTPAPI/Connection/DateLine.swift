import Foundation
import Synchronization

/// The `Date` header of answers (RFC 9110, 5.6.7), written anew once a second: formatting it costs more than all else in
/// an answer's head.
final class DateLine: Sendable {
    private let line = Mutex(DateLine.format(.now))

    var text: String { line.withLock { $0 } }

    /// Called every second.
    func renew() {
        let text = Self.format(.now)
        line.withLock { $0 = text }
    }

    static func format(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.weekday, .day, .month, .year, .hour, .minute, .second], from: date)
        let time = [parts.hour, parts.minute, parts.second].map { twoDigits($0) }.joined(separator: ":")
        let weekday = weekdays[(parts.weekday ?? 1) - 1]
        let month = months[(parts.month ?? 1) - 1]
        return "\(weekday), \(twoDigits(parts.day)) \(month) \(parts.year ?? 0) \(time) GMT"
    }

    private static func twoDigits(_ number: Int?) -> String { String(100 + (number ?? 0)).suffix(2).description }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
