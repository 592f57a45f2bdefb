import Core
import Gateway
import Manifests
import PraximousJSON

extension ProvidersFile {
    private static let maxMilliseconds = 3_600_000

    /// Reads the section `routes:`, after the providers.
    func readRoutes(_ section: YAMLMapping, _ configuration: inout ProvidersConfiguration) {
        for name in section.keys {
            guard let mapping = section.mapping(name) else { continue }
            if !Self.isName(name) {
                section.problem("expected a route's name of A-Z, a-z, 0-9, _, . and -", atKey: name)
            }
            if configuration.entries.contains(where: { $0.name == name }) {
                section.problem("there is a provider \(name) as well; give the route another name", atKey: name)
            }
            var route = RouteSettings(name: name)
            route.targets = readTargets(mapping, configuration)
            route.models = (mapping.strings("models") ?? []).map(ModelPattern.init)
            readRules(mapping, &route)
            readWeights(mapping, &route, configuration)
            mapping.finish()
            configuration.routes.append(route)
        }
        section.finish()
    }

    private func readTargets(
        _ mapping: YAMLMapping,
        _ configuration: ProvidersConfiguration
    ) -> [RouteSettings.Target] {
        guard let list = mapping.list("providers") else {
            if mapping.value("providers") == nil { mapping.missing("providers", "[my_provider]") }
            return []
        }
        let names = configuration.entries.map(\.name)
        var targets: [RouteSettings.Target] = []
        for node in list {
            guard let text = node.text("providers", mapping.report) else { continue }
            let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let name = parts.first ?? ""
            if configuration.disabled.contains(name) { continue }
            guard names.contains(name) else {
                let guess = Spelling.nearest(to: name, among: names).map { "did you mean \($0)?" }
                mapping.report.problem(
                    "there is no provider \(name.quotedForMessage()); \(guess ?? "add it to providers, or take it out")",
                    at: node
                )
                continue
            }
            let target = RouteSettings.Target(provider: name, model: parts.count > 1 ? parts[1] : nil)
            if target.model == "" || targets.contains(target) {
                let what =
                    target.model == "" ? "expected a model behind the slash" : "\(text) is there twice; leave one"
                mapping.report.problem(what, at: node)
                continue
            }
            targets.append(target)
        }
        if list.isEmpty { mapping.problem("expected one provider at least, found none", atKey: "providers") }
        return targets
    }

    private func readRules(_ mapping: YAMLMapping, _ route: inout RouteSettings) {
        func time(_ key: String, _ value: Duration, from low: Int = 1) -> Duration {
            mapping.int(key, in: low...Self.maxMilliseconds).map { .milliseconds($0) } ?? value
        }
        route.retries = mapping.int("retries", in: 0...10) ?? route.retries
        route.attempts = mapping.int("attempts", in: 1...50) ?? route.attempts
        route.connectLimit = time("connect_ms", route.connectLimit)
        route.firstTokenLimit = time("first_token_ms", route.firstTokenLimit)
        route.idleLimit = time("idle_ms", route.idleLimit)
        route.deadline = time("deadline_ms", route.deadline)
        route.maxRetryAfter = time("retry_after_cap_ms", route.maxRetryAfter, from: 0)
        route.firstBackoff = time("backoff_ms", route.firstBackoff, from: 0)
        route.onCut = mapping.word("on_cut", RouteSettings.OnCut.self) ?? route.onCut
        route.onRefusal = mapping.word("on_refusal", RouteSettings.OnRefusal.self) ?? route.onRefusal
        route.strategy = mapping.word("strategy", RouteSettings.Strategy.self) ?? route.strategy
        route.persona = readPersona(mapping)
    }

    private func readPersona(_ mapping: YAMLMapping) -> RouteSettings.Persona {
        guard let node = mapping.value("persona") else { return .none }
        guard let value = node.json(mapping.report) else { return .none }
        if let isWanted = value.boolValue { return isWanted ? .identity : .none }
        if let text = value.stringValue, !text.isEmpty { return .text(text) }
        mapping.problem("expected true, false or a text for persona, found \(node.briefly)", atKey: "persona")
        return .none
    }

    private func readWeights(
        _ mapping: YAMLMapping,
        _ route: inout RouteSettings,
        _ configuration: ProvidersConfiguration
    ) {
        guard let weights = mapping.mapping("weights") else { return }
        if route.strategy != .weighted {
            mapping.problem("weights need strategy: weighted", atKey: "weights")
        }
        for name in weights.keys {
            let weight = weights.number(name, in: 0...1_000_000)
            if configuration.disabled.contains(name) { continue }
            guard route.targets.contains(where: { $0.provider == name }) else {
                weights.problem("\(name.quotedForMessage()) is none of the route's providers", atKey: name)
                continue
            }
            route.weights[name] = weight
        }
        if !weights.keys.isEmpty, route.targets.allSatisfy({ route.weights[$0.provider] == 0 }) {
            mapping.problem("expected one weight above 0 at least", atKey: "weights")
        }
    }

    /// Reads the section `breaker:`.
    func readBreaker(_ section: YAMLMapping, _ breaker: inout BreakerSettings) {
        breaker.failures = section.int("failures", in: 1...10_000) ?? breaker.failures
        breaker.window = section.int("window_s", in: 1...3600).map { .seconds($0) } ?? breaker.window
        breaker.openTime = section.int("open_s", in: 1...3600).map { .seconds($0) } ?? breaker.openTime
        section.finish()
    }
}
