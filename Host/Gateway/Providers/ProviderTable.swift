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
    private let byName: [String: ServedProvider]

    /// `providers` in the order of the file, the enabled ones alone.
    package init(
        providers: [ServedProvider] = [],
        routes: [RouteSettings] = [],
        breaker: BreakerSettings = BreakerSettings()
    ) {
        self.providers = providers
        self.breaker = breaker
        resolution = RouteResolution(entries: providers.map(\.entry), routes: routes)
        byName = Dictionary(providers.map { ($0.entry.name, $0) }) { first, _ in first }
    }

    package subscript(_ name: String) -> ServedProvider? { byName[name] }
}

/// The providers this host serves, replaced as a whole when the file changes.
///
/// A request takes one snapshot and keeps it. A runner that answers nil was retired meanwhile: the snapshot of that
/// moment has the one in its place.
package final class ProviderTable: Sendable {
    private let current: Mutex<ProviderSnapshot>

    package init(_ snapshot: ProviderSnapshot = ProviderSnapshot()) { current = Mutex(snapshot) }

    package var snapshot: ProviderSnapshot { current.withLock { $0 } }

    /// Returns what was there before; its runners are for the caller to retire.
    @discardableResult
    package func replace(with snapshot: ProviderSnapshot) -> ProviderSnapshot {
        current.withLock { current in
            defer { current = snapshot }
            return current
        }
    }
}
