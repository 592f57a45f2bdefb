import PraximousJSON
import TestSupport
import Testing

@Suite("The built-in responder")
struct LocalProviderTests {
    private static let notice =
        "This is Praximous' built-in responder, not a language model. Add a provider to config/providers.yaml to get real answers."

    private func chat(_ request: String) throws -> OpenCall { try BuiltProvider.load("local").chat(request) }

    @Test("says what it is and what it was told")
    func answers() throws {
        let call = try chat(
            #"{"messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"Hello!"}]}]}"#
        )
        #expect(call.returned == 0)
        let choice = call.result?["choices"]?.arrayValue?.first
        #expect(choice?["message"] == ["role": "assistant", "content": .string(Self.notice + " You said: Hello!")])
        #expect(choice?["finish_reason"] == "stop")
        #expect(call.result?["model"] == "praximous-local")
        #expect(call.result?["object"] == "chat.completion")
        #expect(call.result?["usage"]?["estimated"] == true)
    }

    @Test("streams word by word")
    func streams() throws {
        let call = try chat(#"{"stream":true,"messages":[{"role":"user","content":"a  b"}]}"#)
        let deltas = call.events.compactMap { $0["choices"]?.arrayValue?.first?["delta"] }
        #expect(deltas.first == ["role": "assistant", "content": ""])
        #expect(deltas.compactMap { $0["content"]?.stringValue }.joined() == Self.notice + " You said: a  b")
        #expect(deltas.count > 20)
        #expect(call.events.last?["choices"] == [])
        #expect(call.events.last?["usage"]?["estimated"] == true)
        #expect(call.result?["finish_reason"] == "stop")
        #expect(call.result?["usage"] == call.events.last?["usage"])
        #expect(Set(call.events.map { $0["id"] }).count == 1)
    }

    @Test("keeps to a limit, and gives JSON when asked")
    func limits() throws {
        let short = try chat(#"{"max_tokens":3,"messages":[{"role":"user","content":"x"}]}"#).result?["choices"]?
            .arrayValue?.first
        #expect(short?["message"]?["content"] == "This is Praximous' ")
        #expect(short?["finish_reason"] == "length")
        let json = try chat(#"{"response_format":{"type":"json_object"},"messages":[{"role":"user","content":"x"}]}"#)
        let text = json.result?["choices"]?.arrayValue?.first?["message"]?["content"]?.stringValue ?? ""
        #expect(try JSON.parse(text) == ["notice": .string(Self.notice), "you_said": "x"])
    }

    @Test("picks a long message's busiest sentences")
    func excerpts() throws {
        let filler = (1...30).map { "Sentence number \($0) talks about nothing much." }.joined(separator: " ")
        let text = filler + " Gateways route gateways to gateways."
        let request = JSON.object(["messages": [["role": "user", "content": .string(text)]]]).text
        let answer = try chat(request).result?["choices"]?.arrayValue?.first?["message"]?["content"]?.stringValue ?? ""
        #expect(answer.utf8.count < 700)
        #expect(try chat(request).result?["choices"] == chat(request).result?["choices"])
    }

    @Test("makes vectors of length 1, near each other where words are shared")
    func embeddings() throws {
        let call = try BuiltProvider.load("local").embed(
            ["the cat sat", "a cat sat down", "quarterly revenue", ""],
            model: ""
        )
        let vectors = call.record.vectors
        #expect(vectors.map(\.count) == [256, 256, 256, 256])
        func product(_ a: Int, _ b: Int) -> Float { zip(vectors[a], vectors[b]).reduce(0) { $0 + $1.0 * $1.1 } }
        for index in 0..<4 { #expect(abs(product(index, index) - 1) < 1e-5) }
        #expect(product(0, 1) > 0.5)
        #expect(product(0, 2) < 0.3)
        #expect(call.result?["model"] == "praximous-local")
    }

    @Test("asks nobody and takes no request without messages")
    func refuses() throws {
        let driver = try BuiltProvider.load("local") { $0.missing = ["prax.host.http/1"] }
        #expect(driver.chat(#"{"messages":[]}"#).failure?.code == "invalid_request")
        #expect(driver.models().result?["models"]?.arrayValue?.first?["id"] == "praximous-local")
        #expect(driver.health().result == ["status": "ok"])
        #expect(driver.host.exchanges.isEmpty)
    }
}
