import PraximousJSON
import PraximousPlugin
import ProviderKit

/// The server behind one entry, and how it wants to be asked.
struct OpenAIService: Sendable {
    private let settings: UpstreamSettings
    /// Azure's older form, with deployments and a version in the URL; nil for all others.
    private let apiVersion: String?
    private let deployment: String?
    private let headers: [(name: String, value: String)]
    /// Whether a stream is asked to count its tokens; some old servers refuse to be asked.
    let includesUsage: Bool
    /// How long embeddings are to be; nil is the model's own.
    let dimensions: JSON?

    var model: String { settings.model }
    var key: String { settings.key }

    init(_ host: PluginHost) throws(SkillFailure) {
        settings = try UpstreamSettings(host, defaultAddress: "https://api.openai.com/v1")
        let config = settings.config
        func text(_ name: String) -> String? { config[name]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } }
        apiVersion = text("api_version")
        deployment = text("deployment")
        includesUsage = config["include_usage"]?.boolValue ?? true
        dimensions = config["dimensions"]
        var headers: [(name: String, value: String)] = []
        if !settings.key.isEmpty {
            let isAzure = apiVersion != nil || settings.address.host.hasSuffix(".azure.com")
            headers.append(isAzure ? ("api-key", settings.key) : ("Authorization", "Bearer " + settings.key))
        }
        if let organization = text("organization") { headers.append(("OpenAI-Organization", organization)) }
        if let project = text("project") { headers.append(("OpenAI-Project", project)) }
        self.headers = headers
    }

    func request(_ method: String, _ path: String, model: String = "", _ body: [UInt8] = []) -> HTTPRequest {
        settings.request(method, url(path, model), headers, body)
    }

    private func url(_ path: String, _ model: String) -> String {
        guard let apiVersion else { return settings.address.joined(path) }
        let query = "api-version=" + UpstreamAddress.escaped(apiVersion)
        guard !model.isEmpty else { return settings.address.joined("/openai" + path, query: query) }
        let name = UpstreamAddress.escaped(deployment ?? model)
        return settings.address.joined("/openai/deployments/\(name)\(path)", query: query)
    }
}
