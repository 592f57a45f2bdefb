/// How long a server asks to be left alone.
package enum RetryAfter {
    /// A day.
    ///
    /// More is a mistake, and would keep a provider out for good.
    package static let maxMilliseconds: UInt32 = 86_400_000

    /// The milliseconds of the headers `retry-after-ms`, which some vendors send, or `retry-after` (RFC 9110, section
    /// 10.2.3), seconds or a date; 0 when neither is there or can be read.
    ///
    /// `now` is in seconds since 1970.
    package static func milliseconds(_ milliseconds: String?, _ seconds: String?, now: Int) -> UInt32 {
        if let number = number(milliseconds) { return capped(number) }
        if let number = number(seconds) { return capped(number * 1000) }
        guard let moment = seconds.flatMap(HTTPDate.seconds) else { return 0 }
        return capped(Double(moment - now) * 1000)
    }

    private static func number(_ text: String?) -> Double? {
        guard let text, let first = text.utf8.first, first &- UInt8(ascii: "0") < 10 else { return nil }
        return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }

    private static func capped(_ milliseconds: Double) -> UInt32 {
        milliseconds <= 0 ? 0 : UInt32(min(milliseconds.rounded(.up), Double(maxMilliseconds)))
    }
}

/// Dates as HTTP writes them, such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7: the preferred form).
package enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Seconds since 1970; nil when it is not such a date.
    package static func seconds(_ text: String) -> Int? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), 1...31 ~= day,
            let month = months.firstIndex(of: String(parts[2])), let year = Int(parts[3]), 1970...9999 ~= year
        else { return nil }
        let time = parts[4].split(separator: ":", omittingEmptySubsequences: false).compactMap { Int($0) }
        guard time.count == 3, 0...23 ~= time[0], 0...59 ~= time[1], 0...60 ~= time[2] else { return nil }
        return days(year, month + 1, day) * 86_400 + time[0] * 3600 + time[1] * 60 + time[2]
    }

    /// Days since 1970 in the Gregorian calendar, years beginning in March.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}
