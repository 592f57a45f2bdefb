import PraximousJSON
import PraximousPlugin

/// Searches the web through a service that speaks Serper's API.
struct WebSearch: Skill {
    static let identity = PluginIdentity(id: "praximous/web-search-tool", version: "1.0.0")
    static let operations = ["perform_search"]

    private static let keyName = "SEARCH_API_KEY"
    private static let timeoutMilliseconds: UInt32 = 15_000
    private static let maxBodyBytes = 1 << 20

    private let host: PluginHost
    private let endpoint: String

    init(host: PluginHost) {
        self.host = host
        var base = Substring(host.config("/base_url")?.stringValue ?? "https://google.serper.dev")
        while base.last == "/" { base.removeLast() }
        endpoint = base + "/search"
    }

    func execute(_ operation: String, _ parameters: JSON, _ call: Call) throws -> JSON {
        guard let key = host.secret(Self.keyName), !key.isEmpty else {
            throw SkillFailure(
                "Configuration Error",
                details: "\(Self.keyName) is not set in environment variables.",
                status: .unavailable,
                code: "not_configured"
            )
        }
        let named = parameters["query"]?.stringValue ?? ""
        let query = named.isEmpty ? parameters["prompt"]?.stringValue ?? "" : named
        guard query.contains(where: { !$0.isWhitespace }) else {
            throw SkillFailure("Input Error", details: "'query' cannot be empty.")
        }
        let count = parameters["num_results"]?.intValue ?? 5
        let response = try answer(to: request(query, count, key: key), call, key)
        let results = try Self.results(in: response, atMost: count)
        return ["query": .string(query), "results_count": .integer(results.count), "results": .array(results)]
    }

    private func request(_ query: String, _ count: Int, key: [UInt8]) -> HTTPRequest {
        let body: JSON = ["q": .string(query), "num": .integer(count)]
        var request = HTTPRequest(
            "POST",
            endpoint,
            headers: [
                (name: "X-API-KEY", value: String(decoding: key, as: UTF8.self)),
                (name: "Content-Type", value: "application/json"), (name: "Accept", value: "application/json"),
            ],
            body: body.encoded()
        )
        request.timeoutMilliseconds = Self.timeoutMilliseconds
        return request
    }

    private func answer(to request: HTTPRequest, _ call: Call, _ key: [UInt8]) throws(SkillFailure) -> HTTPResponse {
        var response: HTTPResponse
        do throws(SkillFailure) {
            response = try call.fetch(request, maxBodyBytes: Self.maxBodyBytes)
        } catch {
            if error.status == .cancelled { throw error }
            let status = error.status == .tooLarge ? .upstream : error.status
            throw SkillFailure(
                "Network Error",
                details: "Could not connect to Search API. Error: \(error.message)",
                status: status,
                code: error.code
            )
        }
        response.mask(key)
        guard 200...299 ~= response.status else {
            throw SkillFailure(
                "API Error",
                details: "Search API request failed with status \(response.status).",
                status: response.status == 429 ? .rateLimit : .upstream,
                code: "upstream_status"
            )
        }
        return response
    }

    private static func results(in response: HTTPResponse, atMost count: Int) throws(SkillFailure) -> [JSON] {
        guard let answer = try? JSON.parse(response.body), answer.objectValue != nil else {
            throw SkillFailure(
                "API Error",
                details: "Search API answered something that is not JSON.",
                status: .upstream,
                code: "upstream_bad_answer"
            )
        }
        return (answer["organic"]?.arrayValue ?? []).prefix(count).map { entry -> JSON in
            var result = JSONObject()
            for name in ["title", "link", "snippet"] { result[name] = .string(entry[name]?.stringValue ?? "") }
            return .object(result)
        }
    }
}
