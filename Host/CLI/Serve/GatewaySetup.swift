import Audit
import Core
import Gateway
import Limits
import Logging
import PluginRuntime
import Services
import Storage

/// What answers requests of models, and what limits and bills them, put together.
struct GatewaySetup: Sendable {
    let chat: ChatPipeline
    /// Lets calls of skills in, by the limits that count requests of models.
    var skills: SkillAdmission { .limited(by: gate) }
    private let gate: LimitGate

    init(
        root: InstallationRoot,
        providers: ProviderTable,
        audit: AuditLog,
        streams: StreamLimits,
        metrics: MetricRegistry,
        spans: SpanExporter?,
        logger: Logger
    ) throws {
        let files = PriceFiles(operators: root.prices, shipped: HostLayout.shippedPrices)
        gate = try LimitGate(
            keys: KeyStore(path: root.database),
            ledger: Ledger(path: root.ledgerDatabase),
            prices: PriceBook(try files.read()),
            priceFiles: files,
            report: { logger.warning("limits", metadata: ["reason": "\($0)"]) }
        )
        let persona = try Identity.read(root.identity)?.persona
        let breakers = BreakerBook()
        let models = ModelMetrics()
        try models.join(metrics)
        try spans?.join(metrics)
        try metrics.gauge(
            "prax_breaker_state",
            help: "0 while calls of the provider pass, 1 while they go elsewhere, 2 while one call decides.",
            labels: ["provider"]
        ) {
            let now = MonotonicClock.now()
            return providers.snapshot.providers.map(\.entry.name).sorted().map {
                (labels: [$0], value: Double(breakers.state(of: $0, at: now)))
            }
        }
        chat = ChatPipeline(
            providers: providers,
            audit: audit,
            admission: .limited(by: gate),
            breakers: breakers,
            streams: streams,
            observer: ChatObserver(sample: spans?.sample ?? 0, began: models.began) { call in
                models.record(call)
                spans?.add(call)
            },
            persona: { persona }
        )
    }

    /// Writes down what is billed, once no request is under way any more.
    func close() async { await gate.close() }
}
