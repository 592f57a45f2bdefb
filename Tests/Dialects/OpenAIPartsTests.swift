import Core
import Gateway
import HTTPTypes
import NIOCore
import NIOHTTP1
import PraximousJSON
import Testing

@testable import HTTPAPI

@Suite("OpenAI's words") struct OpenAIPartsTests {
    @Test(
        "a failure without a provider's own words has the type that its status has at OpenAI",
        arguments: [
            (Failure.Kind.invalid, 400, "invalid_request_error"), (.unauthenticated, 401, "authentication_error"),
            (.denied, 403, "permission_error"), (.notFound, 404, "not_found_error"),
            (.conflict, 409, "conflict_error"), (.tooLarge, 413, "invalid_request_error"),
            (.unprocessable, 422, "invalid_request_error"), (.rateLimit, 429, "rate_limit_error"),
            (.internal, 500, "server_error"), (.upstream, 502, "server_error"), (.unavailable, 503, "server_error"),
            (.deadline, 504, "timeout_error"),
        ]
    )
    func types(kind: Failure.Kind, status: Int, type: String) {
        let failure = Failure(kind, code: "word", message: "Sentence.", hint: "Advice.")
        #expect(failure.dialectStatus.code == status)
        #expect(
            OpenAIErrorBody(failure, status: status).json == [
                "error": ["message": "Sentence. Advice.", "type": .string(type), "param": .null, "code": "word"]
            ]
        )
    }

    @Test("what a provider says of the gateway's own key is not shown")
    func secret() {
        let failure = Failure(
            .unauthenticated,
            code: "upstream_auth",
            message: "The provider refused the host's key.",
            details: ["status": 401, "error": ["message": "Incorrect API key: sk-secret", "code": "invalid_api_key"]]
        )
        let body = OpenAIErrorBody(failure, status: 401).json.text
        #expect(!body.contains("sk-secret"))
        #expect(body.contains("The provider refused the host's key."))
        #expect(!failure.headers.contains(name: "WWW-Authenticate"))
    }

    @Test(
        "a status that is no error's is not taken from a provider",
        arguments: [(200, 502), (399, 502), (600, 502), (-1, 502), (400, 400), (599, 599)]
    )
    func statuses(said: Int, answered: Int) {
        let failure = Failure(.upstream, code: "x", message: "x", details: ["status": .integer(said)])
        #expect(failure.dialectStatus.code == answered)
    }

    @Test("vectors are written as numbers or as base64 of little-endian float32")
    func vectors() {
        var list = OpenAIEmbeddingList(
            numbers: [1, -0.5, 0.1, 2],
            dimensions: 2,
            model: "m",
            inputTokens: 3,
            isBase64: false
        )
        #expect(
            String(decoding: list.encoded(), as: UTF8.self)
                == #"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1.0,-0.5]},"#
                + #"{"object":"embedding","index":1,"embedding":[0.1,2.0]}],"model":"m","#
                + #""usage":{"prompt_tokens":3,"total_tokens":3}}"#
        )
        list = OpenAIEmbeddingList(numbers: [1, -0.5], dimensions: 2, model: "m", inputTokens: 3, isBase64: true)
        #expect(
            String(decoding: list.encoded(), as: UTF8.self)
                == #"{"object":"list","data":[{"object":"embedding","index":0,"embedding":"AACAPwAAAL8="}],"#
                + #""model":"m","usage":{"prompt_tokens":3,"total_tokens":3}}"#
        )
    }

    @Test(
        "an embedding request is refused by what is wrong in it",
        arguments: [
            (#"{"model":"m"}"#, "missing_required_parameter", "input"),
            (#"{"model":"m","input":""}"#, "invalid_value", "input"),
            (#"{"model":"m","input":[]}"#, "empty_array", "input"),
            (#"{"model":"m","input":[1,2]}"#, "token_input_unsupported", "input"),
            (#"{"model":"m","input":[[1,2]]}"#, "token_input_unsupported", "input"),
            (#"{"model":"m","input":["a",null]}"#, "invalid_type", "input[1]"),
            (#"{"model":"m","input":"a","dimensions":0}"#, "integer_out_of_range", "dimensions"),
            (#"{"model":"m","input":"a","encoding_format":"hex"}"#, "invalid_value", "encoding_format"),
        ]
    )
    func embeddingRefused(body: String, code: String, param: String) throws {
        let members = try #require(try JSON.parse(body).objectValue)
        let failure = #expect(throws: Failure.self) { try OpenAIEmbeddingBody(members) }
        #expect(failure?.code == code)
        #expect(failure?.details?["param"]?.stringValue == param)
    }

    @Test("an embedding request holds its texts in order")
    func embeddingBody() throws {
        let body = try OpenAIEmbeddingBody([
            "model": "m", "input": ["a", "b"], "encoding_format": "base64", "dimensions": 64,
        ])
        #expect(body.inputs == ["a", "b"])
        #expect(body.isBase64)
        #expect(body.dimensions == 64)
    }

    @Test(
        "a chunk is an event of one line, wherever its JSON breaks",
        arguments: ["{\n\"a\": 1,\r\n\"b\": 2}", "{\"a\":1}", "[1,\n\n2]"]
    )
    func lines(chunk: String) {
        var writer = OpenAIStreamWriter(includesUsage: false)
        var buffer = ByteBuffer()
        writer.write(chunk: Array(chunk.utf8), to: &buffer)
        let text = String(buffer: buffer)
        #expect(text.hasPrefix("data: "))
        #expect(text.hasSuffix("\n\n"))
        #expect(text.dropLast(2).allSatisfy { !$0.isNewline })
    }

    @Test(
        "only the chunk that tells the usage and nothing else is kept from those who did not ask",
        arguments: [
            (#"{"choices":[],"usage":{"total_tokens":1}}"#, false),
            (#"{"choices":[],"usage" : {"total_tokens":1}}"#, false),
            (#"{"choices":[],"usage":null}"#, true),
            (#"{"choices":[{"delta":{"content":"\"usage\":{"}}],"usage":null}"#, true),
            (#"{"choices":[{"delta":{}}],"usage":{"total_tokens":1}}"#, true), ("\"usage\"", true), ("{}", true),
            ("", true),
        ]
    )
    func usageChunks(chunk: String, isShown: Bool) {
        var writer = OpenAIStreamWriter(includesUsage: false)
        var buffer = ByteBuffer()
        writer.write(chunk: Array(chunk.utf8), to: &buffer)
        #expect((buffer.readableBytes > 0) == isShown)
    }

    @Test("a provider that told no usage has the host's count told in its place")
    func countedUsage() {
        var writer = OpenAIStreamWriter(includesUsage: true)
        var buffer = ByteBuffer()
        writer.write(chunk: Array(#"{"id":"c","created":7,"model":"m","choices":[{"delta":{}}]}"#.utf8), to: &buffer)
        buffer.clear()
        let usage = TokenUsage(inputTokens: 3, outputTokens: 4, isEstimated: true)
        writer.write(end: ChatAnswer(completion: [], provider: "p", model: "m", usage: usage), to: &buffer)
        #expect(
            String(buffer: buffer)
                == #"data: {"id":"c","object":"chat.completion.chunk","created":7,"model":"m","choices":[],"#
                + #""usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7,"estimated":true}}"#
                + "\n\ndata: [DONE]\n\n"
        )
    }
}
