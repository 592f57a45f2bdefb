package import Core
package import PluginRuntime
import Synchronization

/// The metrics of requests of models, under the names of OpenTelemetry's semantic conventions for generative AI where
/// they have one.
///
/// Recording takes one lock and looks four small keys up; texts are made when somebody reads the page.
package final class ModelMetrics: Sendable {
    private struct AttemptLabels: Hashable {
        let provider: String
        let outcome: Failure.Kind?
    }

    private struct CostLabels: Hashable {
        let provider: String
        let model: String
    }

    private struct State {
        var series: [ModelLabels: ModelSeries] = [:]
        var attempts: [AttemptLabels: UInt64] = [:]
        /// In millionths of a US dollar, so that adding loses nothing.
        var costs: [CostLabels: Int64] = [:]
        var refusals: [String: UInt64] = [:]
        var overhead = Histogram(ModelBounds.overheadSeconds)
        var openStreams = 0
    }

    /// Labels come from the configuration and from classes; this is for a configuration that changes all the time.
    private let maxSeries: Int
    private let state = Mutex(State())

    package init(maxSeries: Int = 2000) { self.maxSeries = maxSeries }

    package func began(isStreaming: Bool) {
        guard isStreaming else { return }
        state.withLock { $0.openStreams += 1 }
    }

    /// Counts a request that began.
    package func record(_ call: ModelCall) {
        let labels = ModelLabels(call)
        state.withLock { state in
            if call.isStreaming { state.openStreams -= 1 }
            let isRoom = state.series.count < maxSeries || state.series[labels] != nil
            let place = isRoom ? labels : ModelLabels(overflowing: call.operation)
            state.series[place, default: ModelSeries()].add(call)
            for attempt in call.attempts {
                let labels = AttemptLabels(provider: attempt.provider, outcome: attempt.failure?.kind)
                state.attempts[labels, default: 0] += 1
            }
            if let cost = call.costMicros, cost > 0, let provider = (call.answer ?? call.attempts.last)?.provider {
                let model = isRoom ? labels.responseModel : ModelLabels.other
                state.costs[CostLabels(provider: provider, model: model), default: 0] += cost
            }
            if call.isRefusedByLimit, let failure = call.failure { state.refusals[failure.code, default: 0] += 1 }
            state.overhead.observe(Double(call.overheadNanoseconds) / 1e9)
        }
    }

    /// Puts them on the page; `.conflict` when a name is taken.
    package func join(_ registry: MetricRegistry) throws(ServiceError) {
        try join(
            registry,
            "gen_ai_server_request_duration_seconds",
            "Requests of models, to the last byte.",
            \.duration
        )
        try join(
            registry,
            "gen_ai_server_time_to_first_token_seconds",
            "Streams that succeeded, to the first content.",
            \.firstToken
        )
        try join(
            registry,
            "gen_ai_server_time_per_output_token_seconds",
            "Streams that succeeded, each token after the first.",
            \.perToken
        )
        try joinTokens(registry)
        try joinCounters(registry)
        try joinHost(registry)
    }

    private func join(
        _ registry: MetricRegistry,
        _ name: String,
        _ help: String,
        _ histogram: @escaping @Sendable (ModelSeries) -> Histogram
    ) throws(ServiceError) {
        try registry.add(.init(name: name, help: help, kind: .histogram, labels: ModelLabels.names)) { [self] in
            series { labels, series in
                let found = histogram(series)
                return found.count > 0 ? [(labels: labels.values, series: .histogram(found))] : []
            }
        }
    }

    private func joinTokens(_ registry: MetricRegistry) throws(ServiceError) {
        let header = MetricText.Header(
            name: "gen_ai_client_token_usage",
            help: "Tokens of each request, as billed.",
            kind: .histogram,
            labels: ModelLabels.names + ["gen_ai_token_type"]
        )
        try registry.add(header) { [self] in
            series { labels, series in
                guard series.input.count > 0 else { return [] }
                return [
                    (labels: labels.values + ["input"], series: .histogram(series.input)),
                    (labels: labels.values + ["output"], series: .histogram(series.output)),
                ]
            }
        }
    }

    private func joinCounters(_ registry: MetricRegistry) throws(ServiceError) {
        let attempts = MetricText.Header(
            name: "prax_provider_attempts_total",
            help: "Times that a provider was asked, by how it ended.",
            kind: .counter,
            labels: ["provider", "outcome"]
        )
        try registry.add(attempts) { [self] in
            let counts = state.withLock { $0.attempts }
            return Self.sorted(
                counts.map { ([$0.key.provider, $0.key.outcome?.rawValue ?? "success"], .number(Double($0.value))) }
            )
        }
        let costs = MetricText.Header(
            name: "prax_cost_usd_total",
            help: "What answers cost by the price table, in US dollars.",
            kind: .counter,
            labels: ["provider", "model"]
        )
        try registry.add(costs) { [self] in
            let costs = state.withLock { $0.costs }
            return Self.sorted(costs.map { ([$0.key.provider, $0.key.model], .number(Double($0.value) / 1e6)) })
        }
        let refusals = MetricText.Header(
            name: "prax_limit_refusals_total",
            help: "Requests of models that a limit or a budget refused.",
            kind: .counter,
            labels: ["code"]
        )
        try registry.add(refusals) { [self] in
            let counts = state.withLock { $0.refusals }
            return Self.sorted(counts.map { ([$0.key], .number(Double($0.value))) })
        }
    }

    private func joinHost(_ registry: MetricRegistry) throws(ServiceError) {
        let overhead = MetricText.Header(
            name: "prax_gateway_overhead_seconds",
            help: "The host's own part of a request of a model, without what it waited for others.",
            kind: .histogram,
            labels: []
        )
        try registry.add(overhead) { [self] in
            [(labels: [], series: .histogram(state.withLock { $0.overhead }))]
        }
        try registry.gauge("prax_open_streams", help: "Streams of models under way.") { [self] in
            [(labels: [], value: Double(state.withLock { $0.openStreams }))]
        }
    }

    private typealias Series = (labels: [String], series: Metric.Series)

    private func series(_ read: (ModelLabels, ModelSeries) -> [Series]) -> [Series] {
        Self.sorted(state.withLock { $0.series }.flatMap { read($0.key, $0.value) })
    }

    private static func sorted(_ series: [Series]) -> [Series] {
        series.sorted { $0.labels.lexicographicallyPrecedes($1.labels) }
    }
}
