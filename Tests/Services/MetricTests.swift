import Core
import PluginRuntime
import Services
import TestSupport
import Testing

@Suite struct MetricTests {
    private let registry: MetricRegistry
    private let metrics: PluginMetrics
    private let hostLines = """
        # HELP prax_plugin_faults_total Faults of plugins and their workers.
        # TYPE prax_plugin_faults_total counter
        # HELP prax_plugin_restarts_total Restarts of plugins' workers.
        # TYPE prax_plugin_restarts_total counter

        """

    init() throws {
        registry = MetricRegistry(limits: MetricLimits(maxMetrics: 3, maxSeries: 2, maxLines: 40))
        metrics = registry.metrics(of: try PluginName.parse("acme/pdf-extract"))
    }

    private func define(_ name: String, _ kind: MetricDefinition.Kind = .counter, _ labels: String...) throws -> Int32 {
        try metrics.define(MetricDefinition(name: name, kind: kind, labels: labels))
    }

    private func error(_ name: String, _ kind: MetricDefinition.Kind, _ labels: [String]) -> ServiceError? {
        do throws(ServiceError) {
            _ = try metrics.define(MetricDefinition(name: name, kind: kind, labels: labels))
            return nil
        } catch {
            return error
        }
    }

    @Test("the page holds the host's and the plugins' metrics as Prometheus reads them")
    func page() throws {
        let pages = try define("pages_total", .counter, "kind", "language")
        let queue = try define("queue")
        let seconds = try define("seconds", .histogram)
        metrics.record(metric: pages, value: 2, labels: ["scan", "de"])
        metrics.record(metric: pages, value: 0.5, labels: ["scan", "de"])
        metrics.record(metric: pages, value: 1, labels: ["a\\b\"c\nd", "“ü”"])
        metrics.record(metric: queue, value: 7, labels: [])
        for value in [0.005, 0.0051, 2, 1000] { metrics.record(metric: seconds, value: value, labels: []) }
        registry.faults.add(labels: ["acme/pdf-extract", "crashed"])
        registry.faults.add(labels: ["acme/pdf-extract", "crashed"])
        registry.faults.add(labels: ["acme/pdf-extract", "memory"])
        registry.restarts.add(labels: ["acme/pdf-extract"])
        try registry.gauge("prax_workers", help: "Workers now: \\ up\nor starting.") {
            [(labels: [], value: 3)]
        }
        let open = try registry.gauge("prax_open_calls", help: "Calls under way.", labels: ["skill"])
        open.add(3, labels: ["ocr"])
        open.add(-1, labels: ["ocr"])
        try registry.counter("prax_requests_total", help: "Requests.").add(1e21)
        #expect(
            registry.prometheusText() == """
                # HELP prax_open_calls Calls under way.
                # TYPE prax_open_calls gauge
                prax_open_calls{skill="ocr"} 2
                # HELP prax_plugin_acme__pdf_extract_pages_total Defined by the plugin acme/pdf-extract.
                # TYPE prax_plugin_acme__pdf_extract_pages_total counter
                prax_plugin_acme__pdf_extract_pages_total{kind="a\\\\b\\"c\\nd",language="“ü”"} 1
                prax_plugin_acme__pdf_extract_pages_total{kind="scan",language="de"} 2.5
                # HELP prax_plugin_acme__pdf_extract_queue Defined by the plugin acme/pdf-extract.
                # TYPE prax_plugin_acme__pdf_extract_queue counter
                prax_plugin_acme__pdf_extract_queue 7
                # HELP prax_plugin_acme__pdf_extract_seconds Defined by the plugin acme/pdf-extract.
                # TYPE prax_plugin_acme__pdf_extract_seconds histogram
                prax_plugin_acme__pdf_extract_seconds_bucket{le="0.005"} 1
                prax_plugin_acme__pdf_extract_seconds_bucket{le="0.01"} 2
                prax_plugin_acme__pdf_extract_seconds_bucket{le="0.025"} 2
                prax_plugin_acme__pdf_extract_seconds_bucket{le="0.05"} 2
                prax_plugin_acme__pdf_extract_seconds_bucket{le="0.1"} 2
                prax_plugin_acme__pdf_extract_seconds_bucket{le="0.25"} 2
                prax_plugin_acme__pdf_extract_seconds_bucket{le="0.5"} 2
                prax_plugin_acme__pdf_extract_seconds_bucket{le="1"} 2
                prax_plugin_acme__pdf_extract_seconds_bucket{le="2.5"} 3
                prax_plugin_acme__pdf_extract_seconds_bucket{le="5"} 3
                prax_plugin_acme__pdf_extract_seconds_bucket{le="10"} 3
                prax_plugin_acme__pdf_extract_seconds_bucket{le="30"} 3
                prax_plugin_acme__pdf_extract_seconds_bucket{le="60"} 3
                prax_plugin_acme__pdf_extract_seconds_bucket{le="120"} 3
                prax_plugin_acme__pdf_extract_seconds_bucket{le="300"} 3
                prax_plugin_acme__pdf_extract_seconds_bucket{le="+Inf"} 4
                prax_plugin_acme__pdf_extract_seconds_sum 1002.0101
                prax_plugin_acme__pdf_extract_seconds_count 4
                # HELP prax_plugin_faults_total Faults of plugins and their workers.
                # TYPE prax_plugin_faults_total counter
                prax_plugin_faults_total{plugin="acme/pdf-extract",kind="crashed"} 2
                prax_plugin_faults_total{plugin="acme/pdf-extract",kind="memory"} 1
                # HELP prax_plugin_restarts_total Restarts of plugins' workers.
                # TYPE prax_plugin_restarts_total counter
                prax_plugin_restarts_total{plugin="acme/pdf-extract"} 1
                # HELP prax_requests_total Requests.
                # TYPE prax_requests_total counter
                prax_requests_total 1e+21
                # HELP prax_workers Workers now: \\\\ up\\nor starting.
                # TYPE prax_workers gauge
                prax_workers 3

                """
        )
    }

    @Test("a gauge keeps the last value and a counter the sum of what was added")
    func kinds() throws {
        let gauge = try define("level", .gauge)
        let counter = try define("total", .counter)
        for value in [5.0, -2.5, .nan, .infinity, -.infinity] {
            metrics.record(metric: gauge, value: value, labels: [])
            metrics.record(metric: counter, value: value, labels: [])
        }
        #expect(lines(of: "level") == ["level -2.5"])
        #expect(lines(of: "total") == ["total 5"])
    }

    @Test("what is recorded with an unknown number or other labels is ignored")
    func ignores() throws {
        let number = try define("total", .counter, "kind")
        for unknown in [0, -1, number + 1, .max, .min] { metrics.record(metric: unknown, value: 1, labels: ["a"]) }
        metrics.record(metric: number, value: 1, labels: [])
        metrics.record(metric: number, value: 1, labels: ["a", "b"])
        #expect(lines(of: "total").isEmpty)
        metrics.record(metric: number, value: 1, labels: ["a"])
        #expect(lines(of: "total") == ["total{kind=\"a\"} 1"])
    }

    @Test("label values beyond the limit are counted together under other, and known ones go on")
    func limitsSeries() throws {
        let number = try define("total", .counter, "kind", "size")
        metrics.record(metric: number, value: 1, labels: ["other", "other"])
        for kind in ["a", "other", "c", "d", "a", "c", "e"] {
            metrics.record(metric: number, value: 1, labels: [kind, "x"])
        }
        #expect(
            lines(of: "total") == [
                "total{kind=\"a\",size=\"x\"} 2", "total{kind=\"other\",size=\"other\"} 5",
                "total{kind=\"other\",size=\"x\"} 1",
            ]
        )
    }

    @Test("a plugin's metrics together take no more lines than the limit")
    func limitsLines() throws {
        let first = try define("first", .histogram, "kind")
        let second = try define("second", .histogram, "kind")
        for kind in ["a", "b"] { metrics.record(metric: first, value: 1, labels: [kind]) }
        metrics.record(metric: second, value: 1, labels: ["a"])
        #expect(lines(of: "first_count") == ["first_count{kind=\"a\"} 1", "first_count{kind=\"b\"} 1"])
        #expect(lines(of: "second_count") == ["second_count{kind=\"other\"} 1"])
    }

    @Test("a long label value is cut between two characters")
    func cutsValues() throws {
        let number = try define("total", .counter, "kind")
        let long = String(repeating: "ü", count: 200)
        metrics.record(metric: number, value: 1, labels: [long])
        metrics.record(metric: number, value: 1, labels: ["x" + long])
        #expect(
            lines(of: "total") == [
                "total{kind=\"x\(String(repeating: "ü", count: 63))\"} 1",
                "total{kind=\"\(String(repeating: "ü", count: 64))\"} 1",
            ]
        )
    }

    @Test("a worker that starts again gets the same numbers for the same definitions")
    func isIdempotent() throws {
        let number = try define("total", .counter, "kind")
        metrics.record(metric: number, value: 3, labels: ["a"])
        let again = registry.metrics(of: try PluginName.parse("acme/pdf-extract"))
        #expect(try define("other") != number)
        #expect(try again.define(MetricDefinition(name: "total", kind: .counter, labels: ["kind"])) == number)
        again.record(metric: number, value: 1, labels: ["a"])
        #expect(lines(of: "total") == ["total{kind=\"a\"} 4"])
    }

    @Test(
        "a definition that cannot be served is refused",
        arguments: [
            ("known", .gauge, ["kind"], .conflict), ("known", .counter, [], .conflict),
            ("known", .counter, ["other"], .conflict), ("spread_count", .counter, [], .conflict),
            ("spread_bucket", .gauge, [], .conflict), ("", .counter, [], .invalid), ("1st", .counter, [], .invalid),
            ("a-b", .counter, [], .invalid), ("_a", .counter, [], .invalid), ("a__b", .counter, [], .invalid),
            ("ü", .counter, [], .invalid), ("a b", .counter, [], .invalid), ("a\n", .counter, [], .invalid),
            (String(repeating: "a", count: 65), .counter, [], .invalid), ("a", .counter, ["b", "b"], .invalid),
            ("a", .counter, ["__name"], .invalid), ("a", .counter, ["b\"} 1"], .invalid),
            ("a", .counter, [""], .invalid), ("a", .histogram, ["le"], .invalid),
            ("a", .counter, ["a", "b", "c", "d", "e", "f", "g", "h", "i"], .tooLarge),
        ] as [(String, MetricDefinition.Kind, [String], ServiceError)]
    )
    func refuses(name: String, kind: MetricDefinition.Kind, labels: [String], expected: ServiceError) throws {
        _ = try define("known", .counter, "kind")
        _ = try define("spread", .histogram)
        let before = registry.prometheusText()
        #expect(error(name, kind, labels) == expected)
        #expect(registry.prometheusText() == before)
    }

    @Test("a plugin may define so many metrics and no more")
    func limitsMetrics() throws {
        for name in ["a", "b", "c"] { _ = try define(name) }
        #expect(error("d", .counter, []) == .tooLarge)
        #expect(error("a", .counter, []) == nil)
    }

    @Test("a histogram whose lines would be another metric's is refused")
    func claimsLines() throws {
        _ = try define("a_sum")
        #expect(error("a", .histogram, []) == .conflict)
    }

    @Test("plugins cannot touch each other's metrics or the host's")
    func separates() throws {
        let other = registry.metrics(of: try PluginName.parse("acme/pdf"))
        let mine = try define("total")
        let theirs = try other.define(MetricDefinition(name: "total", kind: .gauge, labels: []))
        #expect(mine == theirs)
        other.record(metric: theirs, value: 9, labels: [])
        #expect(lines(of: "total") == ["total 0"])
        // It would be prax_plugin_acme__pdf_extract_total, as the other's is.
        #expect(throws: ServiceError.conflict) {
            try other.define(MetricDefinition(name: "extract_total", kind: .counter, labels: []))
        }
        #expect(throws: ServiceError.conflict) { try registry.counter("prax_plugin_faults_total", help: "Mine.") }
        #expect(throws: ServiceError.conflict) {
            try registry.gauge("prax_plugin_acme__pdf_extract_total", help: "Mine.") { [] }
        }
    }

    @Test("a plugin that was removed leaves nothing on the page, and its next version starts anew")
    func forgets() throws {
        let plugin = try PluginName.parse("acme/pdf-extract")
        let number = try define("total", .histogram)
        registry.forget(plugin)
        metrics.record(metric: number, value: 1, labels: [])
        #expect(registry.prometheusText() == hostLines)
        #expect(error("total", .counter, []) == .unavailable)
        let next = registry.metrics(of: plugin)
        _ = try next.define(MetricDefinition(name: "total", kind: .counter, labels: ["kind"]))
        _ = try next.define(MetricDefinition(name: "total_sum", kind: .counter, labels: []))
    }

    @Test("threads that record at once lose nothing")
    func isShared() async throws {
        let number = try define("total", .counter, "kind")
        let seconds = try define("seconds", .histogram)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { [metrics] in
                    try await Blocking.run {
                        for _ in 0..<2000 {
                            metrics.record(metric: number, value: 1, labels: ["a"])
                            metrics.record(metric: seconds, value: 1, labels: [])
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(lines(of: "total") == ["total{kind=\"a\"} 8000"])
        #expect(lines(of: "seconds_count") == ["seconds_count 8000"])
    }

    /// The page's lines for one name of this plugin, without its prefix.
    private func lines(of name: String) -> [String] {
        let prefix = "prax_plugin_acme__pdf_extract_"
        return registry.prometheusText().split(separator: "\n").compactMap { line in
            guard line.hasPrefix(prefix + name + " ") || line.hasPrefix(prefix + name + "{") else { return nil }
            return String(line.dropFirst(prefix.count))
        }
    }
}
