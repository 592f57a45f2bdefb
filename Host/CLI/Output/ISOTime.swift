import Foundation

/// Moments as people and scripts read them: ISO 8601 in UTC.
enum ISOTime {
    /// `microseconds` since 1970.
    static func text(_ microseconds: Int64) -> String {
        let date = Date(timeIntervalSince1970: Double(microseconds) / 1_000_000)
        return date.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
    }

    /// A moment such as `2027-01-01` or `2027-01-01T12:00:00Z`, or a time from now such as `90d`, `12h`, `30m`.
    static func parse(_ text: String, now: Int64) -> Int64? {
        if let unit = text.last, let count = Int64(text.dropLast()), count > 0 {
            let seconds: [Character: Int64] = ["d": 86_400, "h": 3600, "m": 60, "s": 1]
            guard let factor = seconds[unit], count <= 36_500 * 86_400 / factor else { return nil }
            return now + count * factor * 1_000_000
        }
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: false)
        let date = (try? style.parse(text)) ?? (try? style.year().month().day().parse(text))
        return date.map { Int64($0.timeIntervalSince1970 * 1_000_000) }
    }
}
