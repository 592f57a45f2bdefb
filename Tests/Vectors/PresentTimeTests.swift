import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("datetime_tool tells the present time")
struct PresentTimeTests {
    @Test(
        "in the zone asked for",
        arguments: [("UTC", "+00:00"), ("utc", "+00:00"), ("Asia/Kolkata", "+05:30"), ("Etc/GMT+5", "-05:00")]
    )
    func now(zone: String, offset: String) throws {
        let before = Date.now
        let record = try BuiltPlugins.driver("datetime_tool").call("get_current_datetime", ["timezone": .string(zone)])
        let text = try #require(record.result?["datetime_iso"]?.stringValue)
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
        let told = try style.parse(text)

        #expect(text.hasSuffix(offset))
        #expect(record.result?["timezone"] == .string(zone))
        #expect(record.result?["message"] == .string("Current datetime in \(zone)."))
        // Its microseconds are cut, and parsing keeps milliseconds.
        #expect(told >= before - 0.002 && told <= Date.now)
    }
}
