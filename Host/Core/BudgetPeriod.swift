/// After which time a budget begins anew, in UTC.
package enum BudgetPeriod: String, Sendable, CaseIterable, Codable {
    case day
    /// From Monday.
    case week
    case month
    /// Never.
    case total

    /// When the period that holds a moment began and when the next one begins; microseconds since 1970.
    ///
    /// `total` begins at 0 and has no end.
    package func bounds(at time: Int64) -> (start: Int64, end: Int64?) {
        let today = Self.floor(time, Self.dayMicros)
        switch self {
        case .day: return (today * Self.dayMicros, (today + 1) * Self.dayMicros)
        case .week:
            // Day 0, the first of January 1970, was a Thursday.
            let monday = Self.floor(today + 3, 7) * 7 - 3
            return (monday * Self.dayMicros, (monday + 7) * Self.dayMicros)
        case .month:
            let (year, month) = Self.civil(today)
            let next = month == 12 ? (year + 1, 1) : (year, month + 1)
            return (Self.days(year, month) * Self.dayMicros, Self.days(next.0, next.1) * Self.dayMicros)
        case .total: return (0, nil)
        }
    }

    private static let dayMicros: Int64 = 86_400_000_000

    private static func floor(_ value: Int64, _ unit: Int64) -> Int64 {
        value / unit - (value % unit < 0 ? 1 : 0)
    }

    /// The year and month of a day since 1970 in the Gregorian calendar.
    ///
    /// Counted from the first of March of year 0, so that the leap day is a year's last; 146,097 days are 400 years.
    private static func civil(_ day: Int64) -> (year: Int64, month: Int64) {
        let shifted = day + 719_468
        let era = floor(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month)
    }

    /// The first of a month as a day since 1970.
    private static func days(_ year: Int64, _ month: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = floor(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
