/// A POSIX rule such as `EST5EDT,M3.2.0,M11.1.0`: how clocks change in every year after a zone file's table.
struct ZoneRule: Sendable {
    private let standard: ZoneFile.LocalTime
    private let daylight: (time: ZoneFile.LocalTime, start: YearlyMoment, end: YearlyMoment)?

    /// Nil when the text is not such a rule, with POSIX's extension of hours from -167 to 167.
    init?(_ text: String) {
        var parser = ZoneRuleParser(text)
        guard let name = parser.name(), let offset = parser.time() else { return nil }
        standard = ZoneFile.LocalTime(offset: -offset, isDaylight: false, abbreviation: name)
        guard !parser.isAtEnd else {
            daylight = nil
            return
        }
        guard let name = parser.name() else { return nil }
        var shifted = standard.offset + 3_600
        if parser.next != UInt8(ascii: ",") {
            guard let offset = parser.time() else { return nil }
            shifted = -offset
        }
        guard let start = parser.moment(), let end = parser.moment(), parser.isAtEnd else { return nil }
        let time = ZoneFile.LocalTime(offset: shifted, isDaylight: true, abbreviation: name)
        daylight = (time, start, end)
    }

    /// What clocks show at an instant.
    func localTime(at instant: Int) -> ZoneFile.LocalTime {
        guard let daylight else { return standard }
        let day = (instant + standard.offset).dividedFloor(by: DateTime.secondsPerDay).quotient
        let year = CalendarDate(daysSinceEpoch: day).year
        // The start is given in standard time, the end in daylight time.
        let start = daylight.start.localSeconds(in: year) - standard.offset
        let end = daylight.end.localSeconds(in: year) - daylight.time.offset
        let isDaylight = start < end ? start <= instant && instant < end : instant < end || start <= instant
        return isDaylight ? daylight.time : standard
    }
}

/// A day of every year, and the clock's reading on it.
struct YearlyMoment: Sendable, Equatable {
    enum Day: Sendable, Equatable {
        /// 1 to 365; 29 February is never counted.
        case withoutLeapDay(Int)
        /// 0 to 365.
        case withLeapDay(Int)
        /// Week 5 is the last one of the month; weekday 0 is Sunday.
        case weekday(month: Int, week: Int, weekday: Int)
    }

    let day: Day
    let seconds: Int

    /// The clock's reading as seconds since 1970-01-01.
    func localSeconds(in year: Int) -> Int { days(in: year) * DateTime.secondsPerDay + seconds }

    private func days(in year: Int) -> Int {
        let newYear = CalendarDate(year: year, month: 1, day: 1).daysSinceEpoch
        switch day {
        case .withoutLeapDay(let day): return newYear + day - 1 + (day > 59 && CalendarDate.isLeap(year) ? 1 : 0)
        case .withLeapDay(let day): return newYear + day
        case .weekday(let month, let week, let weekday):
            let first = CalendarDate(year: year, month: month, day: 1).daysSinceEpoch
            let toWeekday = (weekday - CalendarDate.weekday(first) + 7) % 7
            let dayInMonth = toWeekday + (week - 1) * 7
            return first + (dayInMonth < CalendarDate.daysInMonth(year, month) ? dayInMonth : dayInMonth - 7)
        }
    }
}
