import PraximousJSON
import TestSupport
import Testing

@Suite("A provider that cannot be connected to", .timeLimit(.minutes(1))) struct ConnectLimitTests {
    @Test("is left for the next one within connect_ms", arguments: [false, true])
    func failsOver(isStreaming: Bool) async throws {
        let blocked = try BlockedListener()
        let file = """
            providers:
            - { name: dark, type: openai, base_url: "http://127.0.0.1:\(blocked.port)/v1", model: m, api_key_env: "" }
            - { name: local, type: local }
            routes:
              answers: { providers: [dark, local], connect_ms: 300, first_token_ms: 20000, deadline_ms: 50000 }

            """
        try await RunningHost.with(files: ["config/providers.yaml": file]) { host async throws in
            let body: JSON = [
                "model": "answers", "stream": .bool(isStreaming), "messages": [["role": "user", "content": "hello"]],
            ]
            let clock = ContinuousClock()
            let begun = clock.now
            let answer = try await host.post("/v1/chat/completions", body)
            let took = clock.now - begun
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer["X-Praximous-Provider"] == "local")
            #expect(answer["X-Praximous-Attempts"] == "2")
            #expect(Duration.milliseconds(300) <= took && took < .seconds(5), "\(took)")
        }
    }
}
