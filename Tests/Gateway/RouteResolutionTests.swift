import Core
import PluginRuntime
import Testing

@testable import Gateway

@Suite("What a client calls a model") struct RouteResolutionTests {
    private static func entry(
        _ name: String,
        _ type: String = "openai",
        model: String,
        models: [String] = [],
        priority: Int = 100
    ) throws -> ProviderEntry {
        ProviderEntry(
            name: name,
            plugin: try PluginName.parse("praximous/" + type),
            model: model,
            models: models.map(ModelPattern.init),
            priority: priority
        )
    }

    private static func resolution() throws -> RouteResolution {
        var route = RouteSettings(
            name: "cheap",
            targets: [.init(provider: "ollama", model: "tiny"), .init(provider: "gone"), .init(provider: "openai")]
        )
        route.models = [ModelPattern("gpt-3*")]
        route.deadline = .seconds(5)
        return RouteResolution(
            entries: [
                try entry("openai", model: "gpt-4o", models: ["gpt-4o*", "shared"], priority: 2),
                try entry("ollama", "ollama", model: "gemma", models: ["shared", "meta/*"], priority: 1),
                try entry("built_in", "local", model: "praximous-local", models: ["shared"], priority: 0),
            ],
            routes: [route]
        )
    }

    @Test(
        "is a route, an entry, an entry's model, a model or a pattern, in this order",
        arguments: [
            ("cheap", "ollama/tiny openai/gpt-4o"), ("openai", "openai/gpt-4o"), ("ollama", "ollama/gemma"),
            ("openai/gpt-4o-mini", "openai/gpt-4o-mini"), ("ollama/meta/llama", "ollama/meta/llama"),
            ("gpt-4o-2024", "openai/gpt-4o-2024"), ("shared", "ollama/shared openai/shared"),
            ("meta/llama", "ollama/meta/llama"), ("gpt-3.5", "ollama/tiny openai/gpt-4o"),
            ("praximous-local", "built_in/praximous-local"), ("built_in", "built_in/praximous-local"),
            ("default_llm_tasks", "ollama/gemma openai/gpt-4o"), ("", "ollama/gemma openai/gpt-4o"),
        ]
    )
    func found(model: String, candidates: String) throws {
        let route = try Self.resolution().resolve(model)
        #expect(route.candidates.map { "\($0.provider)/\($0.model)" }.joined(separator: " ") == candidates)
    }

    @Test(
        "that nobody serves is not found",
        arguments: ["gpt-5", "openai/gemma", "ollama/gpt-4o", "gone", "Cheap", "openai/", "/gpt-4o", "gpt-4"]
    )
    func unknown(model: String) throws {
        let failure = #expect(throws: Failure.self) { try Self.resolution().resolve(model) }
        #expect(failure?.code == "model_not_found")
        #expect(failure?.kind == .notFound)
    }

    @Test(
        "may be asked of one provider alone",
        arguments: [
            ("shared", "openai", "shared"), ("", "openai", "gpt-4o"), ("openai", "openai", "gpt-4o"),
            ("openai/gpt-4o-mini", "openai", "gpt-4o-mini"), ("default_llm_tasks", "ollama", "gemma"),
        ]
    )
    func pinned(model: String, provider: String, upstream: String) throws {
        let route = try Self.resolution().resolve(model, provider: provider)
        #expect(route.candidates == [RouteCandidate(provider: provider, model: upstream, weight: 1)])
    }

    @Test("is not asked of a provider that does not serve it, nor of one that is not there")
    func wronglyPinned() throws {
        let resolution = try Self.resolution()
        #expect(throws: Failure.self) { try resolution.resolve("gemma", provider: "openai") }
        let failure = #expect(throws: Failure.self) { try resolution.resolve("gemma", provider: "nobody") }
        #expect(failure?.code == "provider_not_found")
    }

    @Test("is answered by the built-in responder only when there is nothing else")
    func builtIn() throws {
        let alone = RouteResolution(entries: [try Self.entry("built_in", "local", model: "praximous-local")])
        #expect(try alone.resolve("default_llm_tasks").candidates.map(\.provider) == ["built_in"])
        let failure = #expect(throws: Failure.self) { try RouteResolution().resolve("default_llm_tasks") }
        #expect(failure?.hint == "Add a provider to config/providers.yaml.")
    }

    @Test("goes by the default route's limits, not by its persona, when no route is named")
    func rules() throws {
        var route = RouteSettings(name: "default_llm_tasks", targets: [.init(provider: "a")])
        route.deadline = .seconds(7)
        route.persona = .identity
        let resolution = RouteResolution(entries: [try Self.entry("a", model: "m")], routes: [route])
        for model in ["a", "m", "a/m"] {
            let settings = try resolution.resolve(model).settings
            #expect(settings.deadline == .seconds(7))
            #expect(settings.persona == .none)
        }
        #expect(try resolution.resolve("").settings.persona == .identity)
    }

    @Test(
        "matches a pattern whole",
        arguments: [
            ("gpt-4o*", "gpt-4o", true), ("gpt-4o*", "gpt-4o-mini", true), ("gpt-4o*", "my-gpt-4o", false),
            ("*", "anything", true), ("*", "", true), ("a*b*c", "abc", true), ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "acb", false), ("ab*ba", "aba", false), ("ab*ba", "abba", true), ("a", "a", true),
            ("a", "ab", false),
            ("**", "x", true), ("a**c", "abc", true), ("", "", true), ("", "a", false),
        ]
    )
    func patterns(pattern: String, model: String, isMatch: Bool) {
        #expect(ModelPattern(pattern).matches(model) == isMatch)
    }
}
