/// How much of the host's memory and of its /metrics page the metrics may take.
package struct MetricLimits: Sendable, Hashable {
    /// For each plugin.
    package var maxMetrics: Int
    /// Different label values of one metric; what comes after is counted under `other`.
    package var maxSeries: Int
    /// Lines on the page for all metrics of one plugin, those under `other` aside.
    package var maxLines: Int
    package var maxLabels: Int
    package var maxNameBytes: Int
    /// A longer label value is cut.
    package var maxLabelValueBytes: Int

    package init(
        maxMetrics: Int = 64,
        maxSeries: Int = 200,
        maxLines: Int = 5000,
        maxLabels: Int = 8,
        maxNameBytes: Int = 64,
        maxLabelValueBytes: Int = 128
    ) {
        self.maxMetrics = maxMetrics
        self.maxSeries = maxSeries
        self.maxLines = maxLines
        self.maxLabels = maxLabels
        self.maxNameBytes = maxNameBytes
        self.maxLabelValueBytes = maxLabelValueBytes
    }
}
