import PluginRuntime

/// A counter or gauge of the host itself.
package struct HostMetric: Sendable {
    let metric: Metric

    /// Adds to the value; only a gauge can be lowered.
    package func add(_ value: Double = 1, labels: [String] = []) {
        metric.record(value, labels: labels, addingToGauge: true)
    }

    /// Sets a gauge.
    ///
    /// A counter is left as it is.
    package func set(_ value: Double, labels: [String] = []) {
        guard metric.kind == .gauge else { return }
        metric.record(value, labels: labels)
    }
}
