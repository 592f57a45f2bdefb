/// A compiled time zone (TZif, RFC 8536): when its clocks changed, and the rule for all years after.
///
/// Read here and not by the C library, whose functions know one zone per process, named by an environment variable.
struct ZoneFile: Sendable {
    /// What clocks show during a period.
    struct LocalTime: Sendable, Equatable {
        /// Seconds east of UTC.
        var offset: Int
        var isDaylight: Bool
        var abbreviation: String
    }

    /// Seconds since 1970-01-01 UTC, ascending.
    private let transitions: [Int]
    /// The local time from each transition on.
    private let periods: [LocalTime]
    private let beforeFirst: LocalTime
    private let rule: ZoneRule?

    /// Nil unless the bytes are a whole file of version 1 to 4.
    init?(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard let old = Header(&reader) else { return nil }
        var wide = false
        var header = old
        if old.version >= UInt8(ascii: "2") {
            guard reader.skip(old.bodyLength(timeLength: 4)), let new = Header(&reader) else { return nil }
            (header, wide) = (new, true)
        }
        guard let body = Body(header, &reader, isWide: wide), let first = body.types.first else { return nil }
        transitions = body.times
        periods = body.periods.map { body.types[$0] }
        beforeFirst = first
        rule = wide ? reader.restBetweenNewlines().flatMap(ZoneRule.init) : nil
    }

    /// A zone whose clocks never change.
    init(fixed: LocalTime) {
        (transitions, periods, beforeFirst, rule) = ([], [], fixed, nil)
    }

    /// The one name clocks show, when they never changed.
    var onlyAbbreviation: String? { transitions.isEmpty ? localTime(at: 0).abbreviation : nil }

    /// What clocks show at an instant.
    func localTime(at instant: Int) -> LocalTime {
        if let rule, transitions.last.map({ instant >= $0 }) ?? true { return rule.localTime(at: instant) }
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= instant { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? beforeFirst : periods[low - 1]
    }
}

/// The six counts in front of each of a file's two bodies.
private struct Header {
    private static let magic = Array("TZif".utf8)
    /// More than any real zone needs; a real one has some 240 transitions.
    private static let maxCount = 8_192

    let version: UInt8
    let utcIndicators: Int
    let standardIndicators: Int
    let leapSeconds: Int
    let transitions: Int
    let types: Int
    let abbreviationBytes: Int

    init?(_ reader: inout ByteReader) {
        guard reader.take(4).map(Array.init) == Self.magic, let version = reader.take(1)?.first, reader.skip(15) else {
            return nil
        }
        var counts: [Int] = []
        for _ in 0..<6 {
            guard let count = reader.integer(length: 4), (0...Self.maxCount).contains(count) else { return nil }
            counts.append(count)
        }
        self.version = version
        (utcIndicators, standardIndicators, leapSeconds) = (counts[0], counts[1], counts[2])
        (transitions, types, abbreviationBytes) = (counts[3], counts[4], counts[5])
    }

    func bodyLength(timeLength: Int) -> Int {
        transitions * (timeLength + 1) + types * 6 + abbreviationBytes + tailLength(timeLength: timeLength)
    }

    func tailLength(timeLength: Int) -> Int {
        leapSeconds * (timeLength + 4) + standardIndicators + utcIndicators
    }
}

private struct Body {
    var times: [Int] = []
    var periods: [Int] = []
    var types: [ZoneFile.LocalTime] = []

    init?(_ header: Header, _ reader: inout ByteReader, isWide: Bool) {
        let timeLength = isWide ? 8 : 4
        for _ in 0..<header.transitions {
            guard let time = reader.integer(length: timeLength), times.last.map({ $0 < time }) ?? true else {
                return nil
            }
            times.append(time)
        }
        guard let indexes = reader.take(header.transitions), indexes.allSatisfy({ $0 < header.types }),
            let records = reader.take(header.types * 6), let names = reader.take(header.abbreviationBytes),
            reader.skip(header.tailLength(timeLength: timeLength))
        else { return nil }
        periods = indexes.map(Int.init)
        var record = ByteReader(Array(records))
        for _ in 0..<header.types {
            guard let offset = record.integer(length: 4), abs(offset) < 100 * 3_600,
                let flags = record.take(2)?.map(Int.init)
            else { return nil }
            let name = names.dropFirst(flags[1]).prefix { $0 != 0 }
            let text = String(decoding: name, as: UTF8.self)
            types.append(ZoneFile.LocalTime(offset: offset, isDaylight: flags[0] != 0, abbreviation: text))
        }
    }
}
