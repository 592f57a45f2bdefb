/// A date and time of day, with its distance from UTC when that is known.
struct DateTime: Equatable {
    static let microsecondsPerSecond = 1_000_000
    static let secondsPerDay = 86_400

    var date: CalendarDate
    var secondOfDay: Int
    var microsecond: Int
    /// Microseconds east of UTC.
    var offset: Int?

    /// The clock's reading as seconds since 1970-01-01, as if it were UTC.
    var localSeconds: Int { date.daysSinceEpoch * Self.secondsPerDay + secondOfDay }

    /// Checks every part, in the order and words of the original.
    init(
        year: Int,
        month: Int,
        day: Int,
        time: TimeOfDay = TimeOfDay(),
        offset: Int? = nil
    ) throws(DateTimeError) {
        guard CalendarDate.years.contains(year) else { throw DateTimeError("year \(year) is out of range") }
        guard (1...12).contains(month) else { throw DateTimeError("month must be in 1..12") }
        guard (1...CalendarDate.daysInMonth(year, month)).contains(day) else {
            throw DateTimeError("day is out of range for month")
        }
        guard (0...23).contains(time.hour) else { throw DateTimeError("hour must be in 0..23") }
        guard (0...59).contains(time.minute) else { throw DateTimeError("minute must be in 0..59") }
        guard (0...59).contains(time.second) else { throw DateTimeError("second must be in 0..59") }
        date = CalendarDate(year: year, month: month, day: day)
        secondOfDay = time.hour * 3_600 + time.minute * 60 + time.second
        microsecond = time.microsecond
        self.offset = offset
    }

    /// The clock's reading for seconds since 1970-01-01 and microseconds, which may be past a second or negative.
    init(localSeconds: Int, microsecond: Int) throws(DateTimeError) {
        let (carry, microsecond) = microsecond.dividedFloor(by: Self.microsecondsPerSecond)
        let (days, secondOfDay) = (localSeconds + carry).dividedFloor(by: Self.secondsPerDay)
        date = CalendarDate(daysSinceEpoch: days)
        self.secondOfDay = secondOfDay
        self.microsecond = microsecond
        guard CalendarDate.years.contains(date.year) else { throw DateTimeError.outOfRange }
    }

    /// The same instant with UTC's reading.
    ///
    /// No offset counts as UTC.
    func inUTC() throws(DateTimeError) -> DateTime {
        let (seconds, rest) = (offset ?? 0).dividedFloor(by: Self.microsecondsPerSecond)
        return try DateTime(localSeconds: localSeconds - seconds, microsecond: microsecond - rest)
    }
}

/// Hours, minutes, seconds as written; whether they are in range is checked later.
struct TimeOfDay: Equatable {
    var hour = 0
    var minute = 0
    var second = 0
    var microsecond = 0
}

extension Int {
    /// Quotient and remainder with the remainder never negative.
    func dividedFloor(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
