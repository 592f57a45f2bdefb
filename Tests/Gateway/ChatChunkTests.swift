import Core
import PluginRuntime
import PraximousJSON
import Testing

@testable import Gateway

@Suite("What the pipeline reads in chunks and answers") struct ChatChunkTests {
    private func chunk(_ text: String) throws -> ChatChunk { try #require(ChatChunk(Array(text.utf8))) }

    @Test(
        "a chunk counts as a token when it brings something of the answer",
        arguments: [
            (#"{"choices":[{"delta":{"role":"assistant"}}]}"#, false),
            (#"{"choices":[{"delta":{"role":"assistant","content":""}}]}"#, false),
            (#"{"choices":[{"delta":{"role":"assistant","content":null,"refusal":null}}]}"#, false),
            (#"{"choices":[{"delta":{"content":"a"}}]}"#, true),
            (#"{"choices":[{"delta":{"reasoning_content":"a"}}]}"#, true),
            (#"{"choices":[{"delta":{"tool_calls":[{"index":0}]}}]}"#, true),
            (#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#, true),
            (#"{"choices":[{"delta":{},"finish_reason":null}]}"#, false),
            (#"{"choices":[],"usage":{"prompt_tokens":1}}"#, false), (#"{"choices":7}"#, false), ("{}", false),
        ]
    )
    func isMeaningful(text: String, expected: Bool) throws { #expect(try chunk(text).isMeaningful == expected) }

    @Test("what is no object is no chunk", arguments: ["", "[]", "7", "{", #"{"a":1,"a":2}"#])
    func isNone(text: String) { #expect(ChatChunk(Array(text.utf8)) == nil) }

    @Test("a chunk of another provider takes on the answer's id and says no role again")
    func continues() throws {
        let own = try chunk(
            #"{"id":"b","created":2,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"x"},"finish_reason":null}]}"#
        ).continuing(id: "a", created: 1, content: "y")
        #expect(
            String(decoding: own.encoded, as: UTF8.self)
                == #"{"id":"a","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"y"},"finish_reason":null}]}"#
        )
    }

    @Test(
        "an answer is gone on with only while it is the text of one choice",
        arguments: [
            ([#"{"choices":[{"index":0,"delta":{"content":"ab"}}]}"#], "ab"),
            ([#"{"choices":[{"delta":{"content":"a"}}]}"#, #"{"choices":[{"delta":{"content":"é"}}]}"#], "aé"),
            ([#"{"choices":[{"index":0,"delta":{"content":"a"}},{"index":1,"delta":{"content":"b"}}]}"#], nil),
            ([#"{"choices":[{"index":0,"delta":{"content":"a","tool_calls":[{}]}}]}"#], nil),
            ([#"{"choices":[{"index":0,"delta":{"content":"a"}}]}"#, #"{"choices":[{"finish_reason":"stop"}]}"#], nil),
            ([#"{"choices":[{"index":0,"delta":{"reasoning_content":"a"}}]}"#], nil), ([], nil),
        ] as [([String], String?)]
    )
    func transcript(chunks: [String], expected: String?) {
        var transcript = StreamTranscript()
        for chunk in chunks { transcript.append(Array(chunk.utf8)) }
        #expect(transcript.continuableText() == expected.map { Array($0.utf8) })
    }

    @Test("a long transcript is the same as a short one")
    func longTranscript() {
        var transcript = StreamTranscript()
        let chunk = Array(#"{"id":"a","choices":[{"index":0,"delta":{"content":"word "}}]}"#.utf8)
        for _ in 0..<2000 { transcript.append(chunk) }
        #expect(transcript.continuableText() == Array(String(repeating: "word ", count: 2000).utf8))
        #expect(transcript.outputBytes() == 10_000)
        #expect(transcript.id == "a")
    }

    @Test(
        "usage is read as OpenAI writes it, and is nothing when it makes no sense",
        arguments: [
            (#"{"prompt_tokens":3,"completion_tokens":4}"#, TokenUsage(inputTokens: 3, outputTokens: 4)),
            (
                #"{"prompt_tokens":3,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":2}}"#,
                TokenUsage(inputTokens: 3, outputTokens: 4, cachedInputTokens: 2)
            ),
            (
                #"{"prompt_tokens":3,"prompt_tokens_details":{"cached_tokens":9}}"#,
                TokenUsage(inputTokens: 3, outputTokens: 0, cachedInputTokens: 3)
            ),
            (#"{"prompt_tokens":-3,"completion_tokens":4}"#, nil), (#"{"prompt_tokens":"3"}"#, nil), ("null", nil),
            (#"{"prompt_tokens":3,"completion_tokens":-4}"#, nil), (#"{"prompt_tokens":1e400}"#, nil),
        ] as [(String, TokenUsage?)]
    )
    func usage(text: String, expected: TokenUsage?) throws {
        #expect(TokenUsage(openAI: try JSON.parse(text)) == expected)
    }

    @Test(
        "vectors are taken only as announced",
        arguments: [
            (
                [#"{"dims":2,"count":1,"data":"AACAPwAAAEA="}"#, #"{"dims":2,"count":1,"data":"AAAAAAAAAAA="}"#],
                [1, 2, 0, 0]
            ),
            ([#"{"dims":2,"count":2,"data":"AACAPwAAAEAAAAAAAAAAAA=="}"#], [1, 2, 0, 0]),
            ([#"{"dims":2,"count":1,"data":"AACAPwAAAEA="}"#], nil),
            ([#"{"dims":2,"count":3,"data":"AACAPwAAAEAAAAAAAAAAAA=="}"#], nil),
            ([#"{"dims":1,"count":1,"data":"AACAPwAAAEA="}"#], nil), ([#"{"dims":2,"count":1,"data":"?"}"#], nil),
            ([#"{"dims":-2,"count":-1,"data":"AACAPwAAAEA="}"#], nil),
            ([#"{"dims":99999999,"count":2,"data":""}"#], nil),
            ([#"{"dims":1,"count":2,"data":"AADAfwAAgD8="}"#], nil), (["7"], nil), ([], nil),
            ([#"{"dims":2,"count":1,"data":"AACAPwAAAEA="}"#, #"{"dims":1,"count":1,"data":"AACAPw=="}"#], nil),
        ] as [([String], [Float]?)]
    )
    func vectors(events: [String], expected: [Float]?) {
        var collector = VectorCollector(expected: 2)
        for event in events { collector.take(CallEvent(kind: "vectors", json: Array(event.utf8))) }
        #expect((collector.isComplete ? collector.values : nil) == expected)
    }

    @Test("candidates are drawn by their weights, those without any come last")
    func weights() throws {
        var route = RouteSettings(name: "r", targets: ["a", "b", "c"].map { RouteSettings.Target(provider: $0) })
        route.weights = ["a": 3, "b": 1, "c": 0]
        let entries = try ["a", "b", "c"].map {
            ProviderEntry(name: $0, plugin: try PluginName.parse("x/y"), model: "m")
        }
        let resolved = try RouteResolution(entries: entries, routes: [route]).resolve("r")
        #expect(resolved.ordered(random: { 0.99 }).map(\.provider) == ["a", "b", "c"])
        var weighted = route
        weighted.strategy = .weighted
        let drawn = try RouteResolution(entries: entries, routes: [weighted]).resolve("r")
        #expect(drawn.ordered(random: { 0 }).map(\.provider) == ["a", "b", "c"])
        #expect(drawn.ordered(random: { 0.74 }).map(\.provider) == ["a", "b", "c"])
        #expect(drawn.ordered(random: { 0.76 }).map(\.provider) == ["b", "a", "c"])
    }
}
