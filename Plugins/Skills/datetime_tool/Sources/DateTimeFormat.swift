import Glibc

/// Writes a date and time by a strftime format.
///
/// glibc does the work, in the C locale whatever the process has set. Its own `%Z %z %s` ask for the process' time zone
/// and it knows no `%f`, so these four are written here first.
struct DateTimeFormat {
    /// The longest format, in bytes of UTF-8.
    static let maxBytes = 16_384

    /// The result grows to at most this many times the format; what needs more, such as `%99999d`, is empty.
    private static let maxGrowth = 256
    private static let firstCapacity = 1_024

    private let format: [UInt8]

    init(_ format: String) throws(DateTimeError) {
        self.format = Array(format.utf8)
        guard self.format.count <= Self.maxBytes else {
            throw DateTimeError("format_string may have at most \(Self.maxBytes) bytes, found \(self.format.count)")
        }
        guard !self.format.contains(0) else { throw DateTimeError("embedded null character") }
    }

    func text(of moment: ZonedDateTime) -> String {
        let format = withOwnDirectives(moment) + [0]
        var time = Self.broken(moment)
        var capacity = Self.firstCapacity
        while true {
            let text = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                count = buffer.withMemoryRebound(to: CChar.self) { buffer in
                    format.withUnsafeBytes { format in
                        strftime_l(
                            buffer.baseAddress,
                            capacity,
                            format.baseAddress?.assumingMemoryBound(to: CChar.self),
                            &time,
                            CLocale.shared.locale
                        )
                    }
                }
            }
            if !text.isEmpty || capacity >= Self.maxGrowth * (format.count - 1) {
                return String(decoding: text, as: UTF8.self)
            }
            capacity *= 2
        }
    }

    /// The format with `%Z %z %s %f` replaced by their text; a percent sign in it is doubled.
    private func withOwnDirectives(_ moment: ZonedDateTime) -> [UInt8] {
        var output: [UInt8] = []
        var position = 0
        while position < format.count {
            let next = position + 1 < format.count ? format[position + 1] : 0
            guard format[position] == UInt8(ascii: "%"), next != 0 else {
                output.append(format[position])
                position += 1
                continue
            }
            if let text = Self.own(next, moment) {
                output += text.utf8.flatMap { $0 == UInt8(ascii: "%") ? [$0, $0] : [$0] }
            } else {
                output += [format[position], next]
            }
            position += 2
        }
        return output
    }

    private static func own(_ directive: UInt8, _ moment: ZonedDateTime) -> String? {
        switch directive {
        case UInt8(ascii: "Z"): moment.time.abbreviation
        case UInt8(ascii: "z"): OffsetText.text(moment.time.offset, separator: "")
        case UInt8(ascii: "s"): String(moment.secondsSinceEpoch)
        case UInt8(ascii: "f"): padded(moment.reading.microsecond, 6)
        default: nil
        }
    }

    private static func broken(_ moment: ZonedDateTime) -> tm {
        let (date, second) = (moment.reading.date, moment.reading.secondOfDay)
        var time = tm()
        time.tm_year = Int32(date.year - 1_900)
        time.tm_mon = Int32(date.month - 1)
        time.tm_mday = Int32(date.day)
        time.tm_hour = Int32(second / 3_600)
        time.tm_min = Int32(second / 60 % 60)
        time.tm_sec = Int32(second % 60)
        time.tm_wday = Int32(date.weekday)
        time.tm_yday = Int32(date.dayOfYear)
        time.tm_isdst = moment.time.isDaylight ? 1 : 0
        return time
    }
}

/// The C locale as an object, so that the process' own is neither read nor set.
// Unchecked: made once and never changed or freed.
private final class CLocale: @unchecked Sendable {
    static let shared = CLocale()

    let locale = newlocale(1 << LC_TIME | 1 << LC_CTYPE, "C", nil)
}

func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
