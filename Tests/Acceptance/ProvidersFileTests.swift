import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("config/providers.yaml") struct ProvidersFileTests {
    private static func entry(_ more: String) -> String {
        "providers:\n- name: a\n  type: openai\n  model: m\n  \(more)\n"
    }
    private static func route(_ more: String) -> String {
        "providers:\n- { name: a, type: openai, model: m }\nroutes:\n  r:\n    providers: [a]\n    \(more)\n"
    }

    @Test(
        "is refused with line and column, and with what to do",
        arguments: [
            (entry("colour: red"), ":5:", "unknown key \"colour\""),
            (entry("pirority: 1"), ":5:", "did you mean priority?"),
            (entry("priority: first"), ":5:", "expected a whole number from 0 to 1000000 for priority"),
            (
                entry("api_key_env: NOT_SET_ANYWHERE"), ":5:",
                "api_key_env names NOT_SET_ANYWHERE, which is not set; set it"
            ),
            (entry("api_key_env: sk-secret-12345"), ":5:", "names a variable, which is not set"),
            (entry("base_url: api.example.com"), ":5:", "expected an address such as https://api.example.com/v1"),
            (entry("base_url: \"ftp://a.example\""), ":5:", "expected an address such as"),
            (entry("base_url: \"https://me:pw@a.example\""), ":5:", "found one with a user name or a password"),
            (entry("base_url: \"https://a.example/v1?key=1\""), ":5:", "found one with a query"),
            (entry("base_url: \"http://169.254.169.254/\""), ":5:", "clouds keep their keys there"),
            (entry("base_url: \"http://2852039166/\""), ":5:", "clouds keep their keys there"),
            (entry("base_url_env: NOT_SET_ANYWHERE"), ":5:", "base_url_env names NOT_SET_ANYWHERE"),
            (entry("config: [a]"), ":5:", "expected a mapping for config, found a list"),
            (entry("config: { model: m }"), ":5:", "model belongs beside config"),
            (entry("enabled: maybe"), ":5:", "expected true or false for enabled"),
            (entry("kind: vectorstore"), ":5:", "expected provider for kind"),
            ("providers:\n- { name: a, type: opnai, model: m }\n", ":2:", "did you mean openai?"),
            (
                "providers:\n- { name: a, type: acme/other, model: m }\n", ":2:",
                "there is no provider plugin \"acme/other\""
            ),
            ("providers:\n- { type: openai, model: m }\n", ":2:", "expected the key name, found none"),
            ("providers:\n- { name: \"a b\", type: openai, model: m }\n", ":2:", "expected a name of A-Z"),
            ("providers:\n- { name: a, type: openai }\n", ":2:", "expected the key model, found none"),
            ("providers:\n- { name: a, type: openai, model: \"gpt*\" }\n", ":2:", "patterns go to models"),
            (
                "providers:\n- { name: a, type: openai, model: m }\n- { name: a, type: ollama, model: m }\n", ":3:",
                "there is a provider a already in line 2"
            ),
            ("providers: 3\n", ":1:", "expected a list for providers"),
            ("provider: []\n", ":1:", "did you mean providers?"),
            (route("models: [1]"), ":6:", "expected a text for models"),
            (route("on_cut: retry"), ":6:", "expected error, continue for on_cut"),
            (route("attempts: 0"), ":6:", "expected a whole number from 1 to 50 for attempts"),
            (route("idle_ms: 0"), ":6:", "for idle_ms"),
            (route("persona: [a]"), ":6:", "expected true, false or a text"),
            (route("weights: { a: 1 }"), ":6:", "weights need strategy: weighted"),
            (
                route("strategy: weighted\n    weights: { a: .inf }"), ":7:",
                "expected a number from 0.0 to 1000000.0 for a"
            ),
            (route("strategy: weighted\n    weights: { a: .nan }"), ":7:", "expected a number from 0.0"),
            (route("strategy: weighted\n    weights: { a: -1 }"), ":7:", "expected a number from 0.0"),
            (route("strategy: weighted\n    weights: { a: 0 }"), ":7:", "expected one weight above 0"),
            (route("strategy: weighted\n    weights: { b: 1 }"), ":7:", "is none of the route's providers"),
            (
                "providers:\n- { name: gemini_pro, type: openai, model: m }\nroutes:\n  r:\n    providers: [gemini_prp]\n",
                ":5:", "there is no provider \"gemini_prp\"; did you mean gemini_pro?"
            ),
            (
                "providers:\n- { name: a, type: openai, model: m }\nroutes:\n  a: { providers: [a] }\n", ":4:",
                "give the route"
            ),
            ("routes:\n  r: {}\n", ":2:", "expected the key providers, found none"),
            ("breaker: { failures: 0 }\n", ":1:", "expected a whole number from 1 to 10000 for failures"),
            ("providers:\n  - name: a\n   type: b\n", ":3:", "not valid YAML"),
        ]
    )
    func mistakes(_ text: String, _ place: String, _ words: String) async throws {
        try await RunningHost.with(files: ["config/providers.yaml": text], isStarted: false) { host async throws in
            let check = try await host.cli(["config", "check"])
            #expect(check.exitCode == 2)
            #expect(check.errors.contains("config/providers.yaml" + place), "\(check.errors)")
            #expect(check.errors.contains(words), "\(check.errors)")
            #expect(!check.errors.contains("sk-secret"))
        }
    }

    private static let whole = """
        providers:
          - name: gemini_pro_model
            type: gemini
            model: gemini-1.5-flash
            models: ["gemini-*"]
            priority: 1
            api_key_env: MY_KEY
            env_var: GEMINI_API_KEY
          - name: local_llm
            type: openai
            base_url: "http://127.0.0.1:8080/v1/"
            model: gemma
            priority: 2
            api_key_env: ""
            config: { organization: acme }
          - { name: off, type: ollama, model: x, enabled: false, api_key_env: NOT_SET_ANYWHERE }
        routes:
          default_llm_tasks:
            providers: [gemini_pro_model, local_llm/llama, off]
            models: ["gpt-4o*"]
            strategy: weighted
            weights: { gemini_pro_model: 3, local_llm: 0.5, off: 1 }
            on_cut: continue
            deadline_ms: 30000
            persona: true
        breaker: { failures: 3, window_s: 10, open_s: 5 }

        """

    @Test("is shown as it is understood, without its secrets")
    func shown() async throws {
        try await RunningHost.with(
            files: ["config/providers.yaml": Self.whole, "config/.env": "MY_KEY=sk-secret\n"],
            isStarted: false
        ) { host async throws in
            let shown = try await host.cli(["config", "show", "--json"])
            #expect(!shown.output.contains("sk-secret"))
            let json = try JSON.parse(shown.output)
            #expect(json["providers.gemini_pro_model.type"] == "praximous/gemini")
            #expect(json["providers.gemini_pro_model.models"] == "gemini-*")
            #expect(json["providers.gemini_pro_model.api_key_env"] == "MY_KEY")
            #expect(json["providers.local_llm.base_url"] == "http://127.0.0.1:8080/v1")
            #expect(json["providers.local_llm.api_key_env"] == "")
            #expect(json["providers.off.enabled"] == false)
            #expect(json["routes.default_llm_tasks.providers"] == "gemini_pro_model, local_llm/llama")
            #expect(json["routes.default_llm_tasks.on_cut"] == "continue")
            #expect(json["routes.default_llm_tasks.deadline_ms"] == 30_000)
            #expect(json["routes.default_llm_tasks.idle_ms"] == 15_000)
            #expect(json["routes.default_llm_tasks.persona"] == true)
            #expect(json["routes.default_llm_tasks.weights.local_llm"]?.doubleValue == 0.5)
            #expect(json["breaker.failures"] == 3)
        }
    }
}
