import Glibc
import PraximousJSON
import PraximousPlugin

/// The present time in a zone, and dates in any format.
struct DateTimeTool: Skill {
    static let identity = PluginIdentity(id: "praximous/datetime-tool", version: "1.0.0")
    static let operations = ["get_current_datetime", "format_datetime"]

    private static let standardFormat = "%Y-%m-%d %H:%M:%S %Z"

    private let zones = ZoneDatabase()

    init(host: PluginHost) {
        guard !zones.isPresent else { return }
        host.log(.warn, "no time zones in \(ZoneDatabase.standardFolder): UTC alone is known; install tzdata")
    }

    func execute(_ operation: String, _ parameters: JSON, _ call: Call) throws -> JSON {
        if operation == "get_current_datetime" { return try now(parameters) }
        do {
            return try format(parameters)
        } catch let error as DateTimeError {
            throw SkillFailure("Formatting Error", details: error.text)
        }
    }

    private func now(_ parameters: JSON) throws -> JSON {
        let name = parameters["timezone"]?.stringValue ?? "UTC"
        guard let zone = zones.zone(named: name) else {
            throw SkillFailure("Invalid Timezone", details: "Timezone '\(name)' is not recognized.")
        }
        var clock = timespec()
        clock_gettime(CLOCK_REALTIME, &clock)
        let now = try DateTime(localSeconds: clock.tv_sec, microsecond: clock.tv_nsec / 1_000)
        return [
            "datetime_iso": .string(try zone.show(now).isoText),
            "timezone": .string(name),
            "message": .string("Current datetime in \(name)."),
        ]
    }

    private func format(_ parameters: JSON) throws -> JSON {
        guard let original = parameters["datetime_str"]?.stringValue, !original.isEmpty else {
            throw SkillFailure("Input Error", details: "'datetime_str' is required for formatting.")
        }
        let format = parameters["format_string"]?.stringValue ?? Self.standardFormat
        // The original wrote every Z out before it parsed, which shows in its error texts.
        let parsed = try ISOText.parse(original.replacingZulu())
        let name = parameters["input_timezone"]?.stringValue ?? "UTC"
        guard let zone = zones.zone(named: name) else { throw DateTimeError(name.quoted) }
        let moment = parsed.offset == nil ? zone.place(parsed) : try zone.show(try parsed.inUTC())
        return [
            "original_datetime": .string(original),
            "format_string": .string(format),
            "formatted_datetime": .string(try DateTimeFormat(format).text(of: moment)),
            "timezone_applied_for_formatting": .string(zone.label),
        ]
    }
}

extension String {
    /// Each `Z` as `+00:00`.
    fileprivate func replacingZulu() -> String {
        split(separator: "Z", omittingEmptySubsequences: false).joined(separator: "+00:00")
    }
}
