import Core
import PluginRuntime
import PraximousJSON
import TestSupport
import Testing

@Suite("A provider that refuses the gateway's key") struct GatewayKeyTests {
    @Test(
        "is named, and its own words are not shown",
        arguments: [
            (Failure.Kind.unauthenticated, "upstream_auth", 401), (.denied, "upstream_denied", 403),
        ],
        [false, true]
    )
    func named(refusal: (kind: Failure.Kind, code: String, status: Int), isStreaming: Bool) async throws {
        let failure = Failure(
            refusal.kind,
            code: refusal.code,
            message: "Incorrect API key: sk-secret",
            details: [
                "status": .integer(refusal.status), "error": ["message": "sk-secret", "code": "invalid_api_key"],
            ]
        )
        try await DialectHost.with(ScriptedProvider.failing(failure)) { host in
            let answer = try await host.post(
                "/v1/chat/completions",
                ["model": "small", "stream": .bool(isStreaming), "messages": [["role": "user", "content": "Hi"]]]
            )
            #expect(answer.status == refusal.status)
            #expect(
                answer.json["error"]?["message"]
                    == "The provider \"fake\" refused the gateway's key; the operator must look at its entry in config/providers.yaml. Your own key is right."
            )
            #expect(!answer.text.contains("sk-secret"))
        }
    }
}
