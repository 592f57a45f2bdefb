package import Core
package import PluginRuntime
import Synchronization

/// All metrics of the host and of its plugins; any thread may use it.
package final class MetricRegistry: Sendable {
    /// What is measured only when somebody looks.
    private struct Reading: Sendable {
        let metric: MetricText.Header
        let read: @Sendable () -> [(labels: [String], series: Metric.Series)]
    }

    private struct State {
        var metrics: [String: Metric] = [:]
        var readings: [String: Reading] = [:]
        /// The names on the page's lines: a histogram has several.
        var lineNames: Set<String> = []
        var plugins: [PluginName: PluginMetrics] = [:]
    }

    /// Each plugin's faults by kind, such as `crashed`.
    package let faults: HostMetric
    /// How often each plugin's worker was started again.
    package let restarts: HostMetric
    private let limits: MetricLimits
    private let state = Mutex(State())

    package init(limits: MetricLimits = MetricLimits()) {
        self.limits = limits
        faults = HostMetric(
            metric: Self.hostMetric(
                "prax_plugin_faults_total",
                help: "Faults of plugins and their workers.",
                .counter,
                labels: ["plugin", "kind"]
            )
        )
        restarts = HostMetric(
            metric: Self.hostMetric(
                "prax_plugin_restarts_total",
                help: "Restarts of plugins' workers.",
                .counter,
                labels: ["plugin"]
            )
        )
        _ = claim(faults.metric)
        _ = claim(restarts.metric)
    }

    /// The metrics of a plugin; the same object until they are forgotten.
    package func metrics(of plugin: PluginName) -> PluginMetrics {
        state.withLock { state in
            if let known = state.plugins[plugin] { return known }
            let made = PluginMetrics(plugin: plugin, limits: limits) { [weak self] metric in
                self?.claim(metric) ?? false
            }
            state.plugins[plugin] = made
            return made
        }
    }

    /// Takes a plugin's metrics off the page, when it is removed or another version of it takes over.
    package func forget(_ plugin: PluginName) {
        guard let metrics = state.withLock({ $0.plugins.removeValue(forKey: plugin) })?.forget() else { return }
        state.withLock { state in
            for metric in metrics {
                state.metrics[metric.name] = nil
                state.lineNames.subtract(metric.lineNames)
            }
        }
    }

    /// A counter of the host; `.conflict` when the name is taken.
    package func counter(_ name: String, help: String, labels: [String] = []) throws(ServiceError) -> HostMetric {
        try add(Self.hostMetric(name, help: help, .counter, labels: labels))
    }

    /// A gauge of the host; `.conflict` when the name is taken.
    package func gauge(_ name: String, help: String, labels: [String] = []) throws(ServiceError) -> HostMetric {
        try add(Self.hostMetric(name, help: help, .gauge, labels: labels))
    }

    /// A gauge that is read for each page, on the thread that makes it; `.conflict` when the name is taken.
    package func gauge(
        _ name: String,
        help: String,
        labels: [String] = [],
        read: @escaping @Sendable () -> [(labels: [String], value: Double)]
    ) throws(ServiceError) {
        try add(MetricText.Header(name: name, help: help, kind: .gauge, labels: labels)) {
            read().map { (labels: $0.labels, series: .number($0.value)) }
        }
    }

    /// A metric whose series are kept elsewhere and read for each page; `.conflict` when the name is taken.
    func add(
        _ header: MetricText.Header,
        read: @escaping @Sendable () -> [(labels: [String], series: Metric.Series)]
    ) throws(ServiceError) {
        let isNew = state.withLock { state in
            guard state.lineNames.isDisjoint(with: header.lineNames) else { return false }
            state.lineNames.formUnion(header.lineNames)
            state.readings[header.name] = Reading(metric: header, read: read)
            return true
        }
        guard isNew else { throw .conflict }
    }

    /// The page in Prometheus' text format 0.0.4, `text/plain; version=0.0.4; charset=utf-8`, ordered by name.
    package func prometheusText() -> String {
        let (metrics, readings) = state.withLock { (Array($0.metrics.values), Array($0.readings.values)) }
        let families =
            metrics.map { metric in
                (MetricText.Header(metric), metric.snapshot)
            }
            + readings.map { reading in
                (reading.metric, reading.read())
            }
        var text = MetricText()
        for (header, series) in families.sorted(by: { $0.0.name < $1.0.name }) { text.append(header, series) }
        return text.text
    }

    private func add(_ metric: Metric) throws(ServiceError) -> HostMetric {
        guard claim(metric) else { throw .conflict }
        return HostMetric(metric: metric)
    }

    private func claim(_ metric: Metric) -> Bool {
        state.withLock { state in
            guard state.lineNames.isDisjoint(with: metric.lineNames) else { return false }
            state.lineNames.formUnion(metric.lineNames)
            state.metrics[metric.name] = metric
            return true
        }
    }

    /// The host knows its own label values; the limit is for names of plugins that come and go.
    private static func hostMetric(
        _ name: String,
        help: String,
        _ kind: MetricDefinition.Kind,
        labels: [String]
    ) -> Metric {
        let limits = MetricLimits(maxSeries: 10_000, maxLabelValueBytes: 256)
        return Metric(name: name, help: help, kind: kind, labels: labels, limits: limits, lines: LineBudget(10_000))
    }
}
