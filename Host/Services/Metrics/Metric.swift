import PluginRuntime
import Synchronization

/// One metric with a series for each combination of label values; any thread may record.
final class Metric: Sendable {
    enum Series: Sendable {
        case number(Double)
        case histogram(Histogram)
    }

    let name: String
    let help: String
    let kind: MetricDefinition.Kind
    let labels: [String]
    private let limits: MetricLimits
    /// What the metrics of one owner share.
    private let lines: LineBudget
    private let series: Mutex<[[String]: Series]>
    private let other: [String]

    init(
        name: String,
        help: String,
        kind: MetricDefinition.Kind,
        labels: [String],
        limits: MetricLimits,
        lines: LineBudget
    ) {
        self.name = name
        self.help = help
        self.kind = kind
        self.labels = labels
        self.limits = limits
        self.lines = lines
        other = labels.map { _ in "other" }
        // Without labels there is one series, which shows from the start.
        series = Mutex(labels.isEmpty ? [[]: Self.empty(kind)] : [:])
    }

    /// Adds to a counter, sets a gauge, observes in a histogram.
    ///
    /// What is no finite number, would lower a counter or has other labels than the metric is ignored.
    func record(_ value: Double, labels values: [String], addingToGauge: Bool = false) {
        guard value.isFinite, values.count == labels.count, kind != .counter || value >= 0 else { return }
        let values = values.allSatisfy { $0.utf8.count <= limits.maxLabelValueBytes } ? values : values.map(cut)
        series.withLock { series in
            let place = place(for: values, in: series)
            switch series[place] ?? Self.empty(kind) {
            case .number(let old):
                series[place] = .number(kind == .counter || addingToGauge ? old + value : value)
            case .histogram(var histogram):
                series[place] = nil
                histogram.observe(value)
                series[place] = .histogram(histogram)
            }
        }
    }

    /// All series, ordered by their label values.
    var snapshot: [(labels: [String], series: Series)] {
        series.withLock { $0.map { (labels: $0.key, series: $0.value) } }
            .sorted { $0.labels.lexicographicallyPrecedes($1.labels) }
    }

    /// The names on the page's lines, which no other metric may use.
    var lineNames: [String] { MetricText.Header(self).lineNames }

    private func place(for values: [String], in series: [[String]: Series]) -> [String] {
        if series[values] != nil || values == other { return values }
        let counted = series.count - (series[other] == nil ? 0 : 1)
        guard counted < limits.maxSeries, lines.take(linesPerSeries) else { return other }
        return values
    }

    private var linesPerSeries: Int { kind == .histogram ? Histogram.pluginBounds.count + 3 : 1 }

    private func cut(_ text: String) -> String {
        var bytes = 0
        let end = text.unicodeScalars.firstIndex { scalar in
            bytes += UTF8.width(scalar)
            return bytes > limits.maxLabelValueBytes
        }
        return String(text[..<(end ?? text.endIndex)])
    }

    private static func empty(_ kind: MetricDefinition.Kind) -> Series {
        kind == .histogram ? .histogram(Histogram()) : .number(0)
    }
}

/// How many lines on the page one owner's metrics may still take.
final class LineBudget: Sendable {
    private let left: Atomic<Int>

    init(_ lines: Int) { left = Atomic(lines) }

    func take(_ count: Int) -> Bool {
        guard left.subtract(count, ordering: .relaxed).newValue < 0 else { return true }
        left.add(count, ordering: .relaxed)
        return false
    }
}
