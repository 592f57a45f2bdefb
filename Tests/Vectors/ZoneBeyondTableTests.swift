import PraximousJSON
import TestSupport
import Testing

/// Zone files list changes until 2037.
///
/// The original took what followed for standard time; here the rule goes on.
@Suite("datetime_tool knows daylight saving time outside the years of the zone's table")
struct ZoneBeyondTableTests {
    @Test(
        "from the rule at the file's end, and exact local mean time before its first change",
        arguments: [
            ("2050-07-01T12:00:00Z", "Europe/London", "2050-07-01 13:00:00 +0100 BST"),
            ("2050-12-01T12:00:00Z", "Europe/London", "2050-12-01 12:00:00 +0000 GMT"),
            ("2100-03-28T00:59:59Z", "Europe/London", "2100-03-28 00:59:59 +0000 GMT"),
            ("2100-03-28T01:00:00Z", "Europe/London", "2100-03-28 02:00:00 +0100 BST"),
            ("2060-01-15T12:00:00Z", "Australia/Sydney", "2060-01-15 23:00:00 +1100 AEDT"),
            ("2060-07-15T12:00:00Z", "Australia/Sydney", "2060-07-15 22:00:00 +1000 AEST"),
            ("9999-06-30T12:00:00Z", "America/New_York", "9999-06-30 08:00:00 -0400 EDT"),
            ("2050-06-01T00:00:00", "Asia/Tokyo", "2050-06-01 00:00:00 +0900 JST"),
            ("1850-01-01T12:00:00Z", "America/New_York", "1850-01-01 07:03:58 -045602 LMT"),
        ]
    )
    func rule(moment: String, zone: String, expected: String) throws {
        let record = try BuiltPlugins.driver("datetime_tool").call(
            "format_datetime",
            [
                "datetime_str": .string(moment), "input_timezone": .string(zone),
                "format_string": "%Y-%m-%d %H:%M:%S %z %Z",
            ]
        )
        #expect(record.result?["formatted_datetime"] == .string(expected))
    }

    @Test("and counts %s from the instant, whatever the zone", arguments: ["UTC", "Asia/Tokyo", "America/New_York"])
    func epoch(zone: String) throws {
        let record = try BuiltPlugins.driver("datetime_tool").call(
            "format_datetime",
            ["datetime_str": "2001-09-09T01:46:40Z", "input_timezone": .string(zone), "format_string": "%s"]
        )
        #expect(record.result?["formatted_datetime"] == "1000000000")
    }
}
