/// A span of time as Python names it in an error text.
enum DurationText {
    /// Days may be negative, seconds and microseconds not.
    static func repr(microseconds: Int) -> String {
        let (seconds, micros) = microseconds.dividedFloor(by: DateTime.microsecondsPerSecond)
        let (days, rest) = seconds.dividedFloor(by: DateTime.secondsPerDay)
        let parts = [("days", days), ("seconds", rest), ("microseconds", micros)].filter { $0.1 != 0 }
        return "datetime.timedelta(" + (parts.isEmpty ? "0" : parts.map { "\($0)=\($1)" }.joined(separator: ", ")) + ")"
    }
}
