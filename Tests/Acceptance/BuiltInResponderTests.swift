import PraximousJSON
import TestSupport
import Testing

@Suite("A host without a provider", .timeLimit(.minutes(2))) struct BuiltInResponderTests {
    private static let notice =
        "No model is connected: the built-in responder answers; connect a model in config/providers.yaml."

    private static func ask(_ host: RunningHost, _ model: String) async throws -> HTTPAnswer {
        let body: JSON = ["model": .string(model), "messages": [["role": "user", "content": "hello"]]]
        return try await host.post("/v1/chat/completions", body)
    }

    private static func text(_ answer: HTTPAnswer) -> String {
        answer.json["choices"]?.arrayValue?.first?["message"]?["content"]?.stringValue ?? ""
    }

    @Test("answers by itself, and says so", arguments: ["default_llm_tasks", "local", "praximous-local"])
    func answers(model: String) async throws {
        try await RunningHost.with(isStarted: false) { host async throws in
            #expect(try await host.start().contains(Self.notice))
            let answer = try await Self.ask(host, model)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(Self.text(answer).hasPrefix("This is Praximous' built-in responder, not a language model."))
            #expect(answer["X-Praximous-Provider"] == "local")
        }
    }

    @Test("hears of it from init, and not once a provider is connected")
    func initialised() async throws {
        try await RunningHost.with(isStarted: false) { host async throws in
            #expect(try await host.cli(["init", "--yes"]).output.contains(Self.notice))
        }
        let file = "providers: [{ name: a, type: openai, model: m, base_url: \"http://127.0.0.1:9/v1\" }]\n"
        try await RunningHost.with(files: ["config/providers.yaml": file], isStarted: false) { host async throws in
            #expect(try await !host.cli(["init", "--yes"]).output.contains(Self.notice))
        }
    }

    @Test("does not answer in the place of a provider that fails")
    func neverInstead() async throws {
        let file = "providers: [{ name: a, type: openai, model: m, base_url: \"http://127.0.0.1:9/v1\" }]\n"
        try await RunningHost.with(files: ["config/providers.yaml": file], isStarted: false) { host async throws in
            #expect(try await !host.start().contains(Self.notice))
            #expect(try await Self.ask(host, "default_llm_tasks").status == 502)
            #expect(try await Self.ask(host, "local").status == 404)
        }
    }
}
