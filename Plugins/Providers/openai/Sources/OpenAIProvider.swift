import PraximousJSON
import PraximousPlugin
import ProviderKit
import Synchronization

/// Whatever speaks OpenAI's chat completions: OpenAI, Azure, vLLM, llama.cpp, LM Studio and many more.
///
/// Requests and answers pass as they are, unread but for what the gateway must know.
final class OpenAIProvider: Provider {
    static let identity = PluginIdentity(id: "praximous/openai", version: "1.0.0")

    private let host: PluginHost
    private let service: OpenAIService
    /// Until a server refuses it: base64 is a third of the digits.
    private let wantsBase64 = Atomic(true)

    init(host: PluginHost) throws {
        self.host = host
        service = try OpenAIService(host)
    }

    func chat(_ request: [UInt8], _ reply: Reply) throws {
        let outgoing = try OutgoingChat(request, service)
        let httpRequest = service.request("POST", "/chat/completions", model: outgoing.model, outgoing.body)
        if outgoing.isStreaming {
            let translator = OpenAIStream(choices: outgoing.choices, promptBytes: request.count, secret: service.key)
            reply.ask(httpRequest, StreamExchange(translator, reply, host.timers, secret: service.key))
        } else {
            let exchange = WholeExchange(reply, secret: service.key) { head, body in
                reply.finish(try OpenAICompletion.passed(body, head, promptBytes: request.count))
            }
            reply.ask(httpRequest, exchange)
        }
    }

    func embed(_ texts: [String], model: String, _ reply: Reply) throws {
        embed(texts, model: model, reply, asBase64: wantsBase64.load(ordering: .relaxed))
    }

    private func embed(_ texts: [String], model: String, _ reply: Reply, asBase64: Bool) {
        let model = model.isEmpty ? service.model : model
        var body: JSONObject = ["model": .string(model), "input": .array(texts.map(JSON.string))]
        if asBase64 { body["encoding_format"] = "base64" }
        if let dimensions = reply.askedDimensions ?? service.dimensions { body["dimensions"] = dimensions }
        let request = service.request("POST", "/embeddings", model: model, JSON.object(body).encoded())
        let exchange = WholeExchange(
            reply,
            secret: service.key,
            excuse: { [self] failure in
                guard asBase64, failure.status == .invalid, failure.message.contains("encoding_format") else {
                    return false
                }
                wantsBase64.store(false, ordering: .relaxed)
                embed(texts, model: model, reply, asBase64: false)
                return true
            },
            { head, body in
                let answer = try EmbeddingAnswer(body, count: texts.count, head)
                reply.emitVectors(answer.values, dimensions: answer.dimensions)
                let bytes = texts.reduce(0) { $0 + $1.utf8.count }
                reply.finish(answer.result(model: model, inputBytes: bytes))
            }
        )
        reply.ask(request, exchange)
    }

    func models(_ reply: Reply) {
        let exchange = WholeExchange(reply, secret: service.key) { head, body in
            guard let list = (try? JSON.parse(body))?["data"]?.arrayValue else {
                throw SkillFailure.badAnswer("sent no list of models", head)
            }
            let models = list.compactMap { $0["id"]?.stringValue }.map { JSON.object(["id": .string($0)]) }
            reply.finish(["models": .array(models)])
        }
        reply.ask(service.request("GET", "/models"), exchange)
    }

    func health(_ reply: Reply) { reply.askHealth(service.request("GET", "/models")) }
}

extension String {
    fileprivate func contains(_ word: StaticString) -> Bool {
        let (text, count) = (Array(utf8), word.utf8CodeUnitCount)
        guard text.count >= count else { return false }
        return (0...text.count - count).contains { start in
            (0..<count).allSatisfy { text[start + $0] == word.utf8Start[$0] }
        }
    }
}
