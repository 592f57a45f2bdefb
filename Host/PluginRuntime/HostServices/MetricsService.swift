import CPraximous
import Synchronization

/// `prax.host.metrics/1`: a plugin's counters, gauges and histograms.
enum MetricsService {
    private static let maxLabels = 16

    /// Never changes once it is made.
    nonisolated(unsafe) static let table: UnsafePointer<prax_host_metrics> = {
        let table = UnsafeMutablePointer<prax_host_metrics>.allocate(capacity: 1)
        table.initialize(
            to: prax_host_metrics(
                size: UInt32(MemoryLayout<prax_host_metrics>.size),
                define: { host, name, kind, labels, count in
                    MetricsService.define(host, name, kind, labels, count)
                },
                record: { host, number, value, labels, count in
                    guard let object = HostObject.from(host) else { return }
                    let values = MetricsService.texts(labels, count)
                    object.services.record(metric: number, value: value, labels: values)
                }
            )
        )
        return UnsafePointer(table)
    }()

    private static func define(
        _ host: UnsafeMutableRawPointer?,
        _ name: prax_str,
        _ kind: Int32,
        _ labels: UnsafePointer<prax_str>?,
        _ count: Int
    ) -> Int32 {
        guard let object = HostObject.from(host), let kind = MetricDefinition.Kind(rawValue: kind) else {
            return status(PRAX_E_INVALID)
        }
        guard object.isCreating.load(ordering: .acquiring) else { return status(PRAX_E_CONFLICT) }
        guard count <= maxLabels else { return status(PRAX_E_TOO_LARGE) }
        let definition = MetricDefinition(
            name: name.text(maxBytes: 256),
            kind: kind,
            labels: texts(labels, count)
        )
        do throws(ServiceError) {
            return try object.services.defineMetric(definition)
        } catch {
            return error.rawValue
        }
    }

    private static func texts(_ labels: UnsafePointer<prax_str>?, _ count: Int) -> [String] {
        guard let labels else { return [] }
        return UnsafeBufferPointer(start: labels, count: min(max(0, count), maxLabels)).map { $0.text(maxBytes: 256) }
    }
}
