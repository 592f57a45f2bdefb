import PraximousJSON
import PraximousPlugin

/// The weather, from a service that speaks OpenWeatherMap's API.
struct Weather: Skill {
    static let identity = PluginIdentity(id: "praximous/weather-tool", version: "1.0.0")
    static let operations = ["get_current_weather", "get_forecast"]

    private static let keyName = "WEATHER_API_KEY"
    private static let maxMessageLength = 200

    private let host: PluginHost
    private let baseURL: String

    init(host: PluginHost) {
        self.host = host
        baseURL = host.config("/base_url")?.stringValue ?? "https://api.openweathermap.org"
    }

    func execute(_ operation: String, _ parameters: JSON, _ call: Call) throws -> JSON {
        guard let key = host.secret(Self.keyName), !key.isEmpty else {
            throw SkillFailure(
                "Configuration Error",
                details: "\(Self.keyName) is not set.",
                status: .unavailable,
                code: "not_configured"
            )
        }
        let location = parameters["location"]?.stringValue ?? ""
        guard location.contains(where: { !$0.isWhitespace }) else {
            throw SkillFailure("Input Error", details: "'location' parameter is required.")
        }
        let units = parameters["units"]?.stringValue ?? "metric"
        let request = WeatherRequest(
            baseURL: baseURL,
            isForecast: operation == "get_forecast",
            location: location,
            units: units,
            key: key
        )
        let weather = try answer(to: request, call)
        return ["location": .string(location), "weather_info": weather, "units": .string(units)]
    }

    private func answer(to request: WeatherRequest, _ call: Call) throws(SkillFailure) -> JSON {
        var response: HTTPResponse
        do throws(SkillFailure) {
            response = try call.fetch(request.http, maxBodyBytes: WeatherRequest.maxBodyBytes)
        } catch {
            if error.status == .cancelled { throw error }
            let status = error.status == .tooLarge ? .upstream : error.status
            throw SkillFailure(
                "Network Error",
                details: "Could not connect to Weather API. Error: \(error.message)",
                status: status,
                code: error.code
            )
        }
        // In the form it has in the URL, and as it is.
        response.mask(request.key)
        response.mask(Array(request.encodedKey.utf8))
        let answer = try? JSON.parse(response.body)
        guard 200...299 ~= response.status else { throw Self.failure(response.status, answer) }
        guard let answer, answer.objectValue != nil else {
            throw SkillFailure(
                "API Error",
                details: "The weather API answered something that is not JSON.",
                status: .upstream,
                code: "upstream_bad_answer"
            )
        }
        return answer
    }

    private static func failure(_ status: Int, _ answer: JSON?) -> SkillFailure {
        let message = answer?["message"]?.stringValue ?? "Unknown error"
        let kind: SkillFailure.Status =
            switch status {
            case 404: .notFound
            case 429: .rateLimit
            default: .upstream
            }
        return SkillFailure(
            "API Error",
            details: "API request failed with status \(status). Message: \(message.prefix(maxMessageLength))",
            status: kind,
            code: "upstream_status"
        )
    }
}
