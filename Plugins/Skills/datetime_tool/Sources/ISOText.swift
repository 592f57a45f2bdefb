import PraximousPlugin

/// Reads what Python 3.11's `datetime.fromisoformat` reads: most of ISO 8601.
///
/// `2023-10-26`, `20231026`, `2023-W43-4`, `2023W43`, any one character, then `10`, `10:00`, `100000.5`,
/// `10:00:00,123456` and `Z`, `+05:30`, `-0530`, `+05:30:15.5`.
struct ISOText {
    private let text: String
    private let bytes: [UInt8]

    private init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    static func parse(_ text: String) throws(DateTimeError) -> DateTime { try ISOText(text).parse() }

    private func parse() throws(DateTimeError) -> DateTime {
        guard bytes.count >= 7 else { throw malformed }
        let separator = self.separator
        guard separator > 0, let (year, month, day) = date(upTo: separator) else { throw malformed }
        guard bytes.count > separator else { return try DateTime(year: year, month: month, day: day) }
        guard let (time, offset) = time(from: separator + widthOfCharacter(at: separator)) else { throw malformed }
        if let offset, abs(offset) >= DateTime.secondsPerDay * DateTime.microsecondsPerSecond {
            throw DateTimeError(
                "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), "
                    + "not \(DurationText.repr(microseconds: offset))."
            )
        }
        return try DateTime(year: year, month: month, day: day, time: time, offset: offset)
    }

    private var malformed: DateTimeError { DateTimeError("Invalid isoformat string: \(text.quoted)") }

    /// The byte at that place; 0 past the end.
    private func byte(_ position: Int) -> UInt8 { bytes.indices.contains(position) ? bytes[position] : 0 }

    private func isDigit(_ position: Int) -> Bool { (0x30...0x39).contains(byte(position)) }

    private func number(_ position: Int, digits: Int) -> Int? {
        var value = 0
        for place in position..<position + digits {
            guard isDigit(place) else { return nil }
            value = value * 10 + Int(byte(place) - 0x30)
        }
        return value
    }

    /// The separator may be any one character, of one to four bytes.
    private func widthOfCharacter(at position: Int) -> Int {
        switch byte(position) {
        case ..<0x80: 1
        case 0xE0..<0xF0: 3
        case 0xF0...: 4
        default: 2
        }
    }
}

extension ISOText {
    /// Where the date ends, guessed from its form; negative when it has none.
    private var separator: Int {
        if bytes.count == 7 { return 7 }
        let hasDashes = byte(4) == UInt8(ascii: "-")
        guard byte(hasDashes ? 5 : 4) == UInt8(ascii: "W") else { return hasDashes ? 10 : 8 }
        return hasDashes ? separatorOfWeekWithDashes : separatorOfWeek
    }

    /// `YYYY-Www-D`, or `YYYY-Www` and then `-` as the separator when two digits follow.
    private var separatorOfWeekWithDashes: Int {
        guard bytes.count > 8, byte(8) == UInt8(ascii: "-") else { return 8 }
        if bytes.count == 9 { return -1 }
        return bytes.count > 10 && isDigit(10) ? 8 : 10
    }

    /// `YYYYWwwD` or `YYYYWww`, by whether the digits after it come in pairs.
    private var separatorOfWeek: Int {
        var position = 7
        while position < bytes.count, isDigit(position) { position += 1 }
        if position < 9 { return position }
        return position % 2 == 0 ? 7 : 8
    }

    private func date(upTo end: Int) -> (Int, Int, Int)? {
        guard let year = number(0, digits: 4) else { return nil }
        let hasDashes = byte(4) == UInt8(ascii: "-")
        let start = hasDashes ? 5 : 4
        if byte(start) == UInt8(ascii: "W") { return week(of: year, at: start + 1, hasDashes, upTo: end) }
        guard let month = number(start, digits: 2) else { return nil }
        if hasDashes && byte(start + 2) != UInt8(ascii: "-") { return nil }
        guard let day = number(start + (hasDashes ? 3 : 2), digits: 2) else { return nil }
        return (year, month, day)
    }

    private func week(of year: Int, at start: Int, _ hasDashes: Bool, upTo end: Int) -> (Int, Int, Int)? {
        guard let week = number(start, digits: 2) else { return nil }
        var day = 1
        if start + 2 < end {
            if hasDashes && byte(start + 2) != UInt8(ascii: "-") { return nil }
            guard let given = number(start + (hasDashes ? 3 : 2), digits: 1) else { return nil }
            day = given
        }
        return CalendarDate(isoYear: year, week: week, day: day).map { ($0.year, $0.month, $0.day) }
    }
}

extension ISOText {
    /// The time of day and, after `Z`, `+` or `-`, the microseconds east of UTC.
    private func time(from start: Int) -> (TimeOfDay, Int?)? {
        let rest = bytes[min(start, bytes.count)...]
        let zone = rest.firstIndex { $0 == UInt8(ascii: "Z") || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
        guard let clock = clock(from: start, upTo: zone ?? bytes.count) else { return nil }
        // What is left before a zone is let pass, as the original did.
        guard let zone else { return clock.isWhole ? (clock.time, nil) : nil }
        if byte(zone) == UInt8(ascii: "Z") { return byte(zone + 1) == 0 ? (clock.time, 0) : nil }
        guard let distance = self.clock(from: zone + 1, upTo: bytes.count), distance.isWhole else { return nil }
        let (time, sign) = (distance.time, byte(zone) == UInt8(ascii: "-") ? -1 : 1)
        let seconds = time.hour * 3_600 + time.minute * 60 + time.second
        // A fraction counts only beside whole seconds: the original took `+00:00:00.5` for UTC.
        let microseconds = seconds == 0 ? 0 : seconds * DateTime.microsecondsPerSecond + time.microsecond
        return (clock.time, sign * microseconds)
    }

    /// `HH[[:]MM[[:]SS[(.|,|:)f…]]]`, colons everywhere or nowhere; a fraction of a second may follow any part and is
    /// cut after six digits.
    ///
    /// Also whether nothing was left over.
    private func clock(from start: Int, upTo end: Int) -> (time: TimeOfDay, isWhole: Bool)? {
        var time = TimeOfDay()
        var position = start
        var hasColons = true
        for part in [\TimeOfDay.hour, \TimeOfDay.minute, \TimeOfDay.second] {
            guard let value = number(position, digits: 2) else { return nil }
            time[keyPath: part] = value
            let next = byte(position + 2)
            position += 3
            if part == \TimeOfDay.hour { hasColons = next == UInt8(ascii: ":") }
            if position >= end { return (time, next == 0) }
            if hasColons && next == UInt8(ascii: ":") { continue }
            if next == UInt8(ascii: ".") || next == UInt8(ascii: ",") { break }
            guard !hasColons else { return nil }
            position -= 1
        }
        let digits = min(end - position, 6)
        guard var value = number(position, digits: digits) else { return nil }
        for _ in digits..<6 { value *= 10 }
        time.microsecond = value
        position += digits
        while isDigit(position) { position += 1 }
        return (time, byte(position) == 0)
    }
}
