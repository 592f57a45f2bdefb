/// The formats that are checked; any other is a note to the reader.
enum StringFormat: String, Sendable {
    case dateTime = "date-time"
    case date
    case time
    case uuid
    case email

    func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        switch self {
        case .date: return Self.isDate(bytes[...])
        case .time: return Self.isTime(bytes[...])
        case .dateTime:
            guard bytes.count > 11, [UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: " ")].contains(bytes[10]) else {
                return false
            }
            return Self.isDate(bytes[..<10]) && Self.isTime(bytes[11...])
        case .uuid: return Self.isUUID(bytes)
        case .email: return Self.isEmail(text)
        }
    }

    var violation: (type: String, message: String) {
        switch self {
        case .dateTime: ("datetime_parsing", "Input should be a valid datetime (RFC 3339)")
        case .date: ("date_parsing", "Input should be a valid date (YYYY-MM-DD)")
        case .time: ("time_parsing", "Input should be a valid time (RFC 3339)")
        case .uuid: ("uuid_parsing", "Input should be a valid UUID")
        case .email: ("value_error", "Input should be a valid email address")
        }
    }

    /// The number in `count` digits at `offset` of a slice; nil when they are not digits.
    private static func number(_ bytes: ArraySlice<UInt8>, _ offset: Int, _ count: Int) -> Int? {
        let start = bytes.startIndex + offset
        guard start + count <= bytes.endIndex else { return nil }
        var value = 0
        for byte in bytes[start..<start + count] {
            guard byte &- UInt8(ascii: "0") < 10 else { return nil }
            value = value * 10 + Int(byte &- UInt8(ascii: "0"))
        }
        return value
    }

    private static func isDate(_ bytes: ArraySlice<UInt8>) -> Bool {
        let dash = UInt8(ascii: "-")
        guard bytes.count == 10, bytes[bytes.startIndex + 4] == dash, bytes[bytes.startIndex + 7] == dash,
            let year = number(bytes, 0, 4), let month = number(bytes, 5, 2), let day = number(bytes, 8, 2)
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return 1...12 ~= month && day >= 1 && day <= lengths[month - 1]
    }

    /// `12:30:59.5Z`, `12:30:59+02:00`; second 60 is a leap second.
    private static func isTime(_ bytes: ArraySlice<UInt8>) -> Bool {
        let colon = UInt8(ascii: ":")
        guard bytes.count >= 9, bytes[bytes.startIndex + 2] == colon, bytes[bytes.startIndex + 5] == colon,
            let hour = number(bytes, 0, 2), let minute = number(bytes, 3, 2), let second = number(bytes, 6, 2),
            hour < 24, minute < 60, second <= 60
        else { return false }
        var rest = bytes.dropFirst(8)
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix { $0 &- UInt8(ascii: "0") < 10 }
            guard !fraction.isEmpty else { return false }
            rest = rest.dropFirst(1 + fraction.count)
        }
        guard let mark = rest.first else { return false }
        if mark | 0x20 == UInt8(ascii: "z") { return rest.count == 1 }
        guard mark == UInt8(ascii: "+") || mark == UInt8(ascii: "-"), rest.count == 6,
            rest[rest.startIndex + 3] == colon, let hours = number(rest, 1, 2), let minutes = number(rest, 4, 2)
        else { return false }
        return hours < 24 && minutes < 60
    }

    private static func isUUID(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == 36 else { return false }
        for (position, byte) in bytes.enumerated() {
            if [8, 13, 18, 23].contains(position) {
                guard byte == UInt8(ascii: "-") else { return false }
            } else {
                guard byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6 else { return false }
            }
        }
        return true
    }

    /// Whether it can be an address at all; only sending to it tells more.
    private static func isEmail(_ text: String) -> Bool {
        guard let at = text.utf8.lastIndex(of: UInt8(ascii: "@")), text.utf8.count <= 320 else { return false }
        let (local, domain) = (text.utf8[..<at], text.utf8[text.utf8.index(after: at)...])
        let dot = UInt8(ascii: ".")
        guard !local.isEmpty, !domain.isEmpty, domain.first != dot, domain.last != dot else { return false }
        return text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F } && !local.contains(UInt8(ascii: "@"))
    }
}
