import Core
import Logging
import PraximousJSON
import TestSupport
import Testing

@testable import PluginRuntime

@Suite("A provider inside the host", .timeLimit(.minutes(1))) struct ProviderTests {
    private let calls = SkillCalls()

    @Test(
        "serves each of its operations",
        arguments: [
            ("chat", #"{"model":"m"}"#, "chat.completion"), ("models", "{}", #"[{"id":"fixture"}]"#),
            ("health", "{}", "degraded"), ("embed", #"{"model":"m","input":["a","bcd"]}"#, #""count":2"#),
            ("chat", #"{"model":"later"}"#, "later"),
        ]
    )
    func operations(operation: String, parameters: String, answer: String) async throws {
        let provider = try load()
        let text = try #require(await call(provider, operation, parameters).text)
        #expect(text.contains(answer))
    }

    @Test("streams its chunks, then ends with what they came to")
    func streaming() async throws {
        let provider = try load()
        let events = EventQueue()
        async let outcome = call(provider, "chat", #"{"model":"m","stream":true}"#, events: events)
        var chunks: [String] = []
        while let event = await events.next() {
            chunks.append("\(event.kind) \(String(decoding: event.json, as: UTF8.self))")
        }
        #expect(chunks.count == 3)
        #expect(chunks.first == #"delta {"choices":[{"index":0,"delta":{"content":"word 0 "}}]}"#)
        #expect(await outcome.text == #"{"id":"c1","model":"fixture","finish_reason":"stop","usage":null}"#)
    }

    @Test("hands over its vectors as numbers, in the order of the inputs")
    func vectors() async throws {
        let provider = try load()
        #expect(try await vectors(of: provider, #"{"model":"m","input":["a","bcd"]}"#) == [[0, 1], [1, 3]])
    }

    @Test("hands over more vectors than one event holds as several")
    func manyVectors() async throws {
        let provider = try load()
        let all = try await vectors(of: provider, #"{"model":"large","input":["a"]}"#)
        #expect(all.map(\.count) == [64 * 16_384, 36 * 16_384])
        #expect(all.last?.last == Float(16_384 * 100 - 1))
    }

    @Test(
        "is told what is wrong with a vector",
        arguments: [("nan", -1), ("wide", -1), ("hit", -2)]
    )
    func badVectors(model: String, status: Int) async throws {
        let provider = try load()
        let events = EventQueue()
        async let outcome = call(provider, "embed", #"{"model":"\#(model)","input":["a"]}"#, events: events)
        while await events.next() != nil {}
        #expect(await outcome.text == #"{"status":\#(status),"count":1}"#)
    }

    @Test("hears in the call's context what an embedding was asked for besides")
    func context() async throws {
        let provider = try load()
        let outcome = await call(provider, "embed", #"{"model":"context","input":["a"],"dimensions":64}"#)
        #expect(outcome.text == #"{"id":"request","request":{"dimensions":64}}"#)
    }

    @Test("fails with what the upstream said")
    func failure() async throws {
        let provider = try load()
        let failure = try #require(await call(provider, "chat", #"{"model":"limited"}"#).failure)
        #expect(failure.kind == .rateLimit)
        #expect(failure.code == "rate_limited")
        #expect(failure.details == ["status": 429, "error": ["code": "rate_limit"]])
        #expect(failure.retryAfterMilliseconds == 2000)
    }

    @Test(
        "need not make embeddings nor tell its health",
        arguments: [
            ("health", "{}", #"{"status":"ok"}"# as String?, nil as String?),
            ("embed", #"{"model":"m","input":["a"]}"#, nil, "no_embeddings"),
        ]
    )
    func leftOut(operation: String, parameters: String, answer: String?, code: String?) async throws {
        let outcome = await call(try load("bare"), operation, parameters)
        #expect(outcome.text == answer)
        #expect(outcome.failure?.code == code)
    }

    @Test(
        "is not asked for an embedding of something else than texts",
        arguments: [
            "{}", #"{"model":"m"}"#, #"{"model":"m","input":[]}"#, #"{"model":"m","input":[[1]]}"#, #"{"input":["a"]}"#,
        ]
    )
    func badInput(parameters: String) async throws {
        #expect(await call(try load(), "embed", parameters).failure?.code == "invalid_request")
    }

    @Test("that is a skill as well is asked for its other operations")
    func both() async throws {
        let provider = try load("both")
        #expect(await call(provider, "summarise", "{}").text == #""skill summarise""#)
        #expect(await call(provider, "health", "{}").text == #"{"status":"degraded"}"#)
        #expect(await call(try load(), "summarise", "{}").failure?.kind == .unsupported)
    }

    @Test("without a chat is refused")
    func broken() throws {
        let refusal = #expect(throws: Refusal.self) { try load("broken") }
        #expect(refusal?.reason == .interface)
        #expect(
            refusal?.message.contains("no usable prax.provider/1 although skill.yaml says `kind: provider`") == true
        )
    }

    @Test("that ships with the host runs on the thread that asks, any other on one of its own")
    func threads() async throws {
        let own = await call(try load(origin: .local), "chat", #"{"model":"thread"}"#).text
        let bundled = await call(try load(origin: .bundled), "chat", #"{"model":"thread"}"#).text
        #expect(own == #""prax-call""#)
        #expect(bundled != nil && bundled != own)
    }

    private func load(_ variant: String = "plain", origin: PluginFolder.Origin = .local) throws -> PluginInstance {
        let folder = try PluginFolder(path: try ProviderFixture.folder(variant), origin: origin)
        return try PluginLoader(logger: Logger(label: "test")).load(folder, settings: PluginSettings())
    }

    private func call(
        _ provider: PluginInstance,
        _ operation: String,
        _ parameters: String,
        events: EventQueue? = nil
    ) async -> CallOutcome {
        await calls.call(
            provider,
            operation: operation,
            parameters: Array(parameters.utf8),
            context: CallContext(requestID: "request"),
            timeout: .seconds(20),
            events: events
        )
    }

    private func vectors(of provider: PluginInstance, _ parameters: String) async throws -> [[Float]] {
        let events = EventQueue()
        async let outcome = call(provider, "embed", parameters, events: events)
        var all: [[Float]] = []
        while let event = await events.next() { all.append(try #require(VectorEvent(event)?.values)) }
        #expect(await outcome.text?.hasPrefix(#"{"status":0"#) == true)
        return all
    }
}

@Suite("Vectors in an event") struct VectorEventTests {
    @Test(
        "are believed only when their numbers fit",
        arguments: [
            (#"{"dims":1,"count":1,"data":"AACAPw=="}"#, [1] as [Float]?),
            (#"{"dims":1,"count":2,"data":"AACAPw=="}"#, nil),
            (#"{"dims":0,"count":0,"data":""}"#, nil), (#"{"dims":1,"count":1,"data":"AADAfw=="}"#, nil),
            (#"{"dims":1,"count":1,"data":"AACAP!=="}"#, nil), (#"{"dims":9999999,"count":9999999,"data":""}"#, nil),
            (#"{"dims":1,"count":-1,"data":""}"#, nil), ("[]", nil),
        ]
    )
    func check(text: String, values: [Float]?) {
        #expect(VectorEvent(CallEvent(kind: "vectors", json: Array(text.utf8)))?.values == values)
    }
}
