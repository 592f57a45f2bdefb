import PraximousJSON
import PraximousPlugin
import ProviderKit

/// Claude, through Anthropic's messages API.
final class AnthropicProvider: Provider {
    static let identity = PluginIdentity(id: "praximous/anthropic", version: "1.0.0")

    private let host: PluginHost
    private let settings: UpstreamSettings

    init(host: PluginHost) throws {
        self.host = host
        settings = try UpstreamSettings(host, defaultAddress: "https://api.anthropic.com")
    }

    func chat(_ request: [UInt8], _ reply: Reply) throws {
        let request = try ChatRequest(request, defaultModel: settings.model)
        try request.checkSingleChoice()
        let translation = AnthropicRequest(request, settings.config)
        let asked = ask("POST", "/messages", betas: translation.betas, body: translation.body)
        let secret = settings.key
        if request.isStreaming {
            let translator = AnthropicStream(
                model: request.model,
                promptBytes: request.byteCount,
                jsonTool: translation.jsonTool,
                secret: secret
            )
            reply.ask(asked, StreamExchange(translator, reply, host.timers, secret: secret))
        } else {
            let (promptBytes, jsonTool) = (request.byteCount, translation.jsonTool)
            let exchange = WholeExchange(reply, secret: secret) { head, body in
                reply.finish(
                    try AnthropicAnswer.completion(body, head, promptBytes: promptBytes, jsonTool: jsonTool)
                )
            }
            reply.ask(asked, exchange)
        }
    }

    func models(_ reply: Reply) {
        let exchange = WholeExchange(reply, secret: settings.key) { head, body in
            guard let list = (try? JSON.parse(body))?["data"]?.arrayValue else {
                throw SkillFailure.badAnswer("sent no list of models", head)
            }
            reply.finish(["models": .array(list.compactMap { $0["id"] }.map { ["id": $0] })])
        }
        reply.ask(ask("GET", "/models", query: "limit=1000"), exchange)
    }

    func health(_ reply: Reply) { reply.askHealth(ask("GET", "/models", query: "limit=1")) }

    private func ask(
        _ method: String,
        _ path: String,
        query: String = "",
        betas: String = "",
        body: JSON? = nil
    ) -> HTTPRequest {
        let version = settings.config["anthropic_version"]?.stringValue ?? "2023-06-01"
        var headers = [(name: "anthropic-version", value: version)]
        if !settings.key.isEmpty { headers.append(("x-api-key", settings.key)) }
        if !betas.isEmpty { headers.append(("anthropic-beta", betas)) }
        // People write the base with and without the version.
        let prefix = settings.address.endsWith("/v1") ? "" : "/v1"
        let url = settings.address.joined(prefix + path, query: query)
        return settings.request(method, url, headers, body?.encoded() ?? [])
    }
}
