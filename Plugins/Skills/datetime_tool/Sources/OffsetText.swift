/// A distance from UTC as text: `+0530`, or `+05:30` with a separator; seconds only when there are some.
enum OffsetText {
    static func text(_ offset: Int, separator: String) -> String {
        let seconds = abs(offset)
        let parts = [seconds / 3_600, seconds / 60 % 60] + (seconds % 60 == 0 ? [] : [seconds % 60])
        return (offset < 0 ? "-" : "+") + parts.map { padded($0, 2) }.joined(separator: separator)
    }
}

extension ZonedDateTime {
    /// ISO 8601 with the offset, and microseconds unless they are zero.
    var isoText: String {
        let (date, second) = (reading.date, reading.secondOfDay)
        let day = padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2)
        let clock = [second / 3_600, second / 60 % 60, second % 60].map { padded($0, 2) }.joined(separator: ":")
        let fraction = reading.microsecond == 0 ? "" : "." + padded(reading.microsecond, 6)
        return day + "T" + clock + fraction + OffsetText.text(time.offset, separator: ":")
    }
}
