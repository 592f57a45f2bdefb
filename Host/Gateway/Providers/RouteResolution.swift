package import Core

/// One provider that may answer a request, and what it is asked for.
package struct RouteCandidate: Sendable, Hashable {
    package let provider: String
    /// The upstream's name for the model.
    package let model: String
    package let weight: Double
}

/// Who may answer a request, in order, and by which rules.
package struct ResolvedRoute: Sendable, Hashable {
    package let settings: RouteSettings
    /// Never empty.
    package let candidates: [RouteCandidate]
}

/// Finds, for what a client calls `model`, the providers that may answer.
///
/// Pure: a value made once for each version of the file.
package struct RouteResolution: Sendable {
    package let entries: [ProviderEntry]
    /// The routes of the file, or the one that stands in for them; their targets are entries that are enabled.
    package let routes: [RouteSettings]
    private let entriesByName: [String: ProviderEntry]
    private let routesByName: [String: RouteSettings]
    /// What an entry or a model that is asked for by name goes by.
    private let rules: RouteSettings

    /// `entries` in the order of the file, the enabled ones alone; what routes say of others is left out.
    package init(entries: [ProviderEntry] = [], routes: [RouteSettings] = []) {
        self.entries = entries
        let byName = Dictionary(entries.map { ($0.name, $0) }) { first, _ in first }
        var known = routes.map { route in
            var route = route
            route.targets = route.targets.filter { byName[$0.provider] != nil }
            return route
        }
        if !known.contains(where: { $0.name == RouteSettings.defaultName }) {
            let targets = Self.byPriority(entries).map { RouteSettings.Target(provider: $0.name) }
            known.append(RouteSettings(name: RouteSettings.defaultName, targets: targets))
        }
        self.routes = known
        entriesByName = byName
        routesByName = Dictionary(known.map { ($0.name, $0) }) { first, _ in first }
        rules = routesByName[RouteSettings.defaultName] ?? RouteSettings(name: RouteSettings.defaultName)
    }

    /// By priority, and the built-in responder only where there is nothing else.
    private static func byPriority(_ entries: [ProviderEntry]) -> [ProviderEntry] {
        let real = entries.filter { !$0.isBuiltIn }
        return (real.isEmpty ? entries : real).enumerated()
            .sorted { ($0.element.priority, $0.offset) < ($1.element.priority, $1.offset) }
            .map(\.element)
    }

    package func route(named name: String) -> RouteSettings? { routesByName[name] }
    package func entry(named name: String) -> ProviderEntry? { entriesByName[name] }

    /// Who may answer for `model`: a route's name, an entry's, `entry/model`, a model that entries serve, one that a
    /// route's patterns match, in this order; an empty one is the default route.
    ///
    /// `provider` pins one entry. Throws `model_not_found` or `provider_not_found`.
    package func resolve(_ model: String, provider: String? = nil) throws(Failure) -> ResolvedRoute {
        if let provider { return try pinned(provider, model) }
        let found =
            named(model.isEmpty ? RouteSettings.defaultName : model) ?? entry(model) ?? qualified(model)
            ?? served(model) ?? matched(model)
        guard let found else { throw .modelNotFound(model, hasProviders: !entries.isEmpty) }
        return found
    }

    /// Everything that a client may ask for and that is written down, without what only matches a pattern.
    var configuredModels: Set<String> {
        var names = Set(routes.map(\.name))
        for entry in entries {
            names.insert(entry.name)
            for model in [entry.model] + entry.models.filter(\.isExact).map(\.description) {
                names.formUnion([model, entry.name + "/" + model])
            }
        }
        for route in routes { names.formUnion(route.models.filter(\.isExact).map(\.description)) }
        return names.union(routes.flatMap(\.targets).compactMap(\.model))
    }

    private func pinned(_ provider: String, _ model: String) throws(Failure) -> ResolvedRoute {
        guard let entry = entriesByName[provider] else { throw .providerNotFound(provider) }
        let asksForItself = model.isEmpty || model == provider || routesByName[model] != nil
        if asksForItself { return alone(entry, entry.model) }
        let prefix = provider + "/"
        let name = model.hasPrefix(prefix) ? String(model.dropFirst(prefix.count)) : model
        guard entry.serves(name) else { throw .modelNotFound(model, hasProviders: true) }
        return alone(entry, name)
    }

    private func named(_ name: String) -> ResolvedRoute? {
        routesByName[name].flatMap { resolved($0, asked: nil) }
    }

    private func entry(_ name: String) -> ResolvedRoute? {
        entriesByName[name].map { alone($0, $0.model) }
    }

    private func qualified(_ text: String) -> ResolvedRoute? {
        guard let slash = text.firstIndex(of: "/"), let entry = entriesByName[String(text[..<slash])] else {
            return nil
        }
        let model = String(text[text.index(after: slash)...])
        return entry.serves(model) ? alone(entry, model) : nil
    }

    private func served(_ model: String) -> ResolvedRoute? {
        let serving = Self.byPriority(entries.filter { $0.serves(model) })
        guard !serving.isEmpty else { return nil }
        var settings = rules(named: model)
        settings.targets = serving.map { RouteSettings.Target(provider: $0.name) }
        return resolved(settings, asked: model)
    }

    private func matched(_ model: String) -> ResolvedRoute? {
        let route = routes.first { $0.models.contains { $0.matches(model) } }
        return route.flatMap { resolved($0, asked: model) }
    }

    private func alone(_ entry: ProviderEntry, _ model: String) -> ResolvedRoute {
        var settings = rules(named: entry.name)
        settings.targets = [RouteSettings.Target(provider: entry.name, model: model)]
        return ResolvedRoute(
            settings: settings,
            candidates: [RouteCandidate(provider: entry.name, model: model, weight: 1)]
        )
    }

    /// The default route's limits, without what it says about its own providers.
    private func rules(named name: String) -> RouteSettings {
        var settings = rules
        settings.name = name
        settings.models = []
        settings.persona = .none
        return settings
    }

    /// nil when none of the route's providers is there.
    private func resolved(_ route: RouteSettings, asked: String?) -> ResolvedRoute? {
        let candidates = route.targets.compactMap { target -> RouteCandidate? in
            guard let entry = entriesByName[target.provider] else { return nil }
            let model = target.model ?? asked.flatMap { entry.serves($0) ? $0 : nil } ?? entry.model
            return RouteCandidate(provider: entry.name, model: model, weight: route.weights[entry.name] ?? 1)
        }
        return candidates.isEmpty ? nil : ResolvedRoute(settings: route, candidates: candidates)
    }
}

extension Failure {
    static func modelNotFound(_ model: String, hasProviders: Bool) -> Failure {
        Failure(
            .notFound,
            code: "model_not_found",
            message: "No provider serves the model \(model.quotedForMessage()).",
            hint: hasProviders
                ? "GET /v1/models lists what is served; config/providers.yaml says by whom."
                : "Add a provider to config/providers.yaml."
        )
    }

    static func providerNotFound(_ name: String) -> Failure {
        Failure(
            .notFound,
            code: "provider_not_found",
            message: "There is no provider \(name.quotedForMessage()).",
            hint: "GET /api/v1/providers lists them."
        )
    }
}
