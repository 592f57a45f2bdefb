/// A day of the proleptic Gregorian calendar, in the years 1 to 9999.
struct CalendarDate: Equatable {
    static let years = 1...9_999

    let year: Int
    let month: Int
    let day: Int

    init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day that many days after 1970-01-01.
    ///
    /// Any number that fits in 32 bits is fine, the year may then lie outside.
    ///
    /// The calendar is counted in eras of 400 years that begin on 1 March, so that a leap day is an era's or year's last.
    init(daysSinceEpoch days: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSinceEpoch: Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// 0 for Sunday.
    var weekday: Int { Self.weekday(daysSinceEpoch) }

    /// 0 for 1 January.
    var dayOfYear: Int { daysSinceEpoch - CalendarDate(year: year, month: 1, day: 1).daysSinceEpoch }

    static func weekday(_ daysSinceEpoch: Int) -> Int { ((daysSinceEpoch + 4) % 7 + 7) % 7 }

    static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    static func daysInMonth(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// A day by its ISO 8601 week, Monday being 1; nil when that year has no such week or day.
    init?(isoYear year: Int, week: Int, day: Int) {
        guard (1...7).contains(day), (1...53).contains(week) else { return nil }
        let newYear = CalendarDate(year: year, month: 1, day: 1)
        // A year has 53 weeks when it begins on a Thursday, or is a leap year that begins on a Wednesday.
        let isLong = newYear.weekday == 4 || newYear.weekday == 3 && Self.isLeap(year)
        guard week < 53 || isLong else { return nil }
        let fromMonday = (newYear.weekday + 6) % 7
        let firstMonday = newYear.daysSinceEpoch - fromMonday + (fromMonday > 3 ? 7 : 0)
        self.init(daysSinceEpoch: firstMonday + (week - 1) * 7 + day - 1)
    }
}
