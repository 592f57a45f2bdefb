package import Core
package import PluginRuntime
import Synchronization

/// A provider entry and what runs its calls.
package struct ServedProvider: Sendable {
    package let entry: ProviderEntry
    package let runner: any SkillRunner

    package init(entry: ProviderEntry, runner: any SkillRunner) {
        self.entry = entry
        self.runner = runner
    }
}

/// The providers and routes of one version of config/providers.yaml.
package final class ProviderSnapshot: Sendable {
    package let providers: [ServedProvider]
    package let resolution: RouteResolution
    package let breaker: BreakerSettings
    private let routes: [RouteSettings]
    private let byName: [String: ServedProvider]
    private let configured: Set<String>

    /// `providers` in the order of the file, the enabled ones alone.
    package init(
        providers: [ServedProvider] = [],
        routes: [RouteSettings] = [],
        breaker: BreakerSettings = BreakerSettings()
    ) {
        self.providers = providers
        self.breaker = breaker
        self.routes = routes
        resolution = RouteResolution(entries: providers.map(\.entry), routes: routes)
        byName = Dictionary(providers.map { ($0.entry.name, $0) }) { first, _ in first }
        configured = resolution.configuredModels
    }

    /// Whether the configuration itself names this route, entry or model: patterns match any number of others.
    package func isConfigured(_ model: String) -> Bool { configured.contains(model) }

    package subscript(_ name: String) -> ServedProvider? { byName[name] }

    /// The same with another runner for the entries that `runner` serves; nil when it serves none.
    func replacing(_ runner: any SkillRunner, by other: any SkillRunner) -> ProviderSnapshot? {
        guard providers.contains(where: { $0.runner === runner }) else { return nil }
        let changed = providers.map { $0.runner === runner ? ServedProvider(entry: $0.entry, runner: other) : $0 }
        return ProviderSnapshot(providers: changed, routes: routes, breaker: breaker)
    }
}

/// The providers this host serves, replaced as a whole when the file changes.
///
/// A request takes one snapshot and keeps it. A runner that answers nil was retired meanwhile: the snapshot of that
/// moment has the one in its place.
package final class ProviderTable: Sendable {
    private let current: Mutex<ProviderSnapshot>

    package init(_ snapshot: ProviderSnapshot = ProviderSnapshot()) { current = Mutex(snapshot) }

    package var snapshot: ProviderSnapshot { current.withLock { $0 } }

    /// What went wrong last with each entry, for whoever asks how it stands.
    private let failures = Mutex<[String: Failure]>([:])

    /// Remembers why an entry's call failed; nil when it went well.
    package func note(_ failure: Failure?, of provider: String) {
        failures.withLock { failures in
            if failure != nil || failures[provider] != nil { failures[provider] = failure }
        }
    }

    package func lastFailure(of provider: String) -> Failure? { failures.withLock { $0[provider] } }

    /// Takes a runner out that turned out to be of no use.
    package func replace(_ runner: any SkillRunner, by other: any SkillRunner) {
        current.withLock { current in current = current.replacing(runner, by: other) ?? current }
    }

    /// Returns what was there before; its runners are for the caller to retire.
    @discardableResult
    package func replace(with snapshot: ProviderSnapshot) -> ProviderSnapshot {
        let names = Set(snapshot.providers.map(\.entry.name))
        failures.withLock { failures in failures = failures.filter { names.contains($0.key) } }
        return current.withLock { current in
            defer { current = snapshot }
            return current
        }
    }
}
