import PraximousJSON
import TestSupport
import Testing

@Suite("weather_tool")
struct WeatherTests {
    private static let key = "weather+key/0123"
    private static let paris =
        "https://api.openweathermap.org/data/2.5/weather?q=Paris%2CFR&appid=weather%2Bkey%2F0123&units=metric"

    private func web(_ pages: [String: ScriptedWebServer.Reply], config: [String: String] = [:]) throws -> Web {
        try Web("weather_tool", pages, secrets: ["WEATHER_API_KEY": Self.key], config: config)
    }

    @Test("hands on what the API answers")
    func success() throws {
        let call = try web([Self.paris: .json(["main": ["temp": 21]])]).skill.call(
            "get_current_weather",
            ["location": "Paris,FR"]
        )
        #expect(call.result == ["location": "Paris,FR", "weather_info": ["main": ["temp": 21]], "units": "metric"])
    }

    @Test(
        "asks for the forecast in the units wanted, at the configured server; a location is one value whatever is in it"
    )
    func forecast() throws {
        let web = try web([:], config: ["/base_url": "\"http://127.0.0.1:9/w/\""])
        _ = web.skill.call("get_forecast", ["location": "Köln&appid=x#\r\n", "units": "imperial"])
        #expect(
            web.urls == [
                "http://127.0.0.1:9/w/data/2.5/forecast?q=K%C3%B6ln%26appid%3Dx%23%0D%0A&appid=weather%2Bkey%2F0123&units=imperial"
            ]
        )
    }

    @Test("says what is missing")
    func missing() throws {
        let call = try Web("weather_tool").skill.call("get_forecast", ["location": "Paris"])
        #expect(call.sentence == "Configuration Error / WEATHER_API_KEY is not set.")
        for nothing in [JSON.null, "", "  "] {
            let call = try web([:]).skill.call("get_current_weather", ["location": nothing])
            #expect(call.sentence == "Input Error / 'location' parameter is required.")
        }
    }

    @Test(
        "tells status and message of the API",
        arguments: [
            (404, -4, #"{"cod":"404","message":"city not found"}"#, "city not found"),
            (401, -9, #"{"message":"Invalid API key: weather+key/0123"}"#, "Invalid API key: ****************"),
            (401, -9, #"{"message":"weather%2Bkey%2F0123"}"#, "********************"),
            (500, -9, "<html>", "Unknown error"),
            (429, -11, #"{"message":7}"#, "Unknown error"),
        ] as [(Int, Int32, String, String)]
    )
    func status(_ status: Int, _ kind: Int32, _ body: String, _ message: String) throws {
        let call = try web([Self.paris: .init(body, status: status)]).skill.call(
            "get_current_weather",
            ["location": "Paris,FR"]
        )
        #expect(call.sentence == "API Error / API request failed with status \(status). Message: \(message)")
        #expect(call.failure?.status == kind)
    }

    @Test("never shows the key or the URL it is in", arguments: [-3, -6, -9, -5] as [Int32])
    func key(_ status: Int32) throws {
        var options = FakeHost.Options()
        options.secrets = ["WEATHER_API_KEY": Array(Self.key.utf8)]
        options.answer = { $0.end(status, "The server did not answer in time.") }
        let skill = try BuiltSkill.load("weather_tool", host: FakeHost(options)).get()
        let call = skill.call("get_current_weather", ["location": "Paris,FR"])
        let shown = "\(call.failure as Any) \(call.log)"
        #expect(call.failure != nil)
        #expect(!shown.contains("weather+key") && !shown.contains("weather%2Bkey") && !shown.contains("appid"))
    }
}
