import Core
package import PluginRuntime
import Synchronization

/// One plugin's metrics, the same over all starts of its workers.
package final class PluginMetrics: Sendable {
    private struct State {
        var metrics: [Metric] = []
        var isForgotten = false
    }

    let plugin: PluginName
    private let limits: MetricLimits
    private let lines: LineBudget
    /// False when another metric has the name.
    private let claim: @Sendable (Metric) -> Bool
    private let state = Mutex(State())

    init(plugin: PluginName, limits: MetricLimits, claim: @escaping @Sendable (Metric) -> Bool) {
        self.plugin = plugin
        self.limits = limits
        self.claim = claim
        lines = LineBudget(limits.maxLines)
    }

    /// Returns the metric's number, which is never 0: the same for the same definition.
    ///
    /// `.invalid` for names that Prometheus would not read, `.tooLarge` for more metrics or labels than the limits,
    /// `.conflict` when the name is already used for something else.
    package func define(_ definition: MetricDefinition) throws(ServiceError) -> Int32 {
        guard definition.labels.count <= limits.maxLabels else { throw .tooLarge }
        guard MetricName.isValid(definition, limits) else { throw .invalid }
        return try state.withLock { state throws(ServiceError) in
            guard !state.isForgotten else { throw .unavailable }
            let name = MetricName.full(definition.name, of: plugin)
            if let known = state.metrics.firstIndex(where: { $0.name == name }) {
                let metric = state.metrics[known]
                guard metric.kind == definition.kind, metric.labels == definition.labels else { throw .conflict }
                return Int32(known + 1)
            }
            guard state.metrics.count < limits.maxMetrics else { throw .tooLarge }
            let metric = Metric(
                name: name,
                help: "Defined by the plugin \(plugin).",
                kind: definition.kind,
                labels: definition.labels,
                limits: limits,
                lines: lines
            )
            guard claim(metric) else { throw .conflict }
            state.metrics.append(metric)
            return Int32(state.metrics.count)
        }
    }

    /// An unknown number is ignored.
    package func record(metric number: Int32, value: Double, labels: [String]) {
        let metric = state.withLock { state in
            state.metrics.indices.contains(Int(number) - 1) ? state.metrics[Int(number) - 1] : nil
        }
        metric?.record(value, labels: labels)
    }

    /// Ends the metrics; answers those that were defined.
    func forget() -> [Metric] {
        state.withLock { state in
            defer { state = State(isForgotten: true) }
            return state.metrics
        }
    }
}
