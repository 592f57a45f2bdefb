/// A time zone by its IANA name.
struct Zone: Sendable {
    /// As the database spells it.
    let name: String
    private let file: ZoneFile

    init(name: String, file: ZoneFile) {
        self.name = name
        self.file = file
    }

    static let utc = Zone(name: "UTC", file: ZoneFile(fixed: .init(offset: 0, isDaylight: false, abbreviation: "UTC")))

    /// The name, or the abbreviation of a zone that has had but one: what the original answered.
    var label: String { file.onlyAbbreviation ?? name }

    /// An instant, given in UTC, as this zone's clocks show it.
    func show(_ utc: DateTime) throws(DateTimeError) -> ZonedDateTime {
        let time = file.localTime(at: utc.localSeconds)
        let local = try DateTime(localSeconds: utc.localSeconds + time.offset, microsecond: utc.microsecond)
        return ZonedDateTime(reading: local, time: time)
    }

    /// A clock's reading without an offset, taken as one of this zone.
    ///
    /// A reading that comes twice, when clocks go back, means the second time: the one in standard time. One that clocks
    /// skip keeps the offset from before the gap.
    func place(_ reading: DateTime) -> ZonedDateTime {
        ZonedDateTime(reading: reading, time: localTime(ofReading: reading.localSeconds))
    }

    private func localTime(ofReading reading: Int) -> ZoneFile.LocalTime {
        for step in 0...Self.maxStepsBack {
            if let time = latestFitting(reading - step * Self.stepBack) { return time }
        }
        return file.localTime(at: reading)
    }

    /// What clocks show when they read this; nil in a gap.
    private func latestFitting(_ reading: Int) -> ZoneFile.LocalTime? {
        let fitting = [-DateTime.secondsPerDay, DateTime.secondsPerDay].compactMap { distance in
            let guess = file.localTime(at: reading + distance)
            let shown = file.localTime(at: reading - guess.offset)
            return shown.offset == guess.offset ? shown : nil
        }
        let standard = fitting.filter { !$0.isDaylight }
        // The instant is the later one where the offset is the smaller one.
        return (standard.isEmpty ? fitting : standard).min { $0.offset < $1.offset }
    }

    /// A gap is an hour, or a day where the date line moved: eight steps of six hours lead out of any.
    private static let stepBack = 6 * 3_600
    private static let maxStepsBack = 8
}

/// What a zone's clocks show at an instant.
struct ZonedDateTime {
    let reading: DateTime
    let time: ZoneFile.LocalTime

    var secondsSinceEpoch: Int { reading.localSeconds - time.offset }
}
