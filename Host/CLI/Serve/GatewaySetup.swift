import Audit
import Core
import Gateway
import Limits
import Logging
import Storage

/// What answers requests of models, and what limits and bills them, put together.
struct GatewaySetup: Sendable {
    let chat: ChatPipeline
    private let gate: LimitGate

    init(root: InstallationRoot, providers: ProviderTable, audit: AuditLog, streams: StreamLimits, logger: Logger)
        throws
    {
        let files = PriceFiles(operators: root.prices, shipped: HostLayout.shippedPrices)
        gate = try LimitGate(
            keys: KeyStore(path: root.database),
            ledger: Ledger(path: root.ledgerDatabase),
            prices: PriceBook(try files.read()),
            priceFiles: files,
            report: { logger.warning("limits", metadata: ["reason": "\($0)"]) }
        )
        let persona = try Identity.read(root.identity)?.persona
        chat = ChatPipeline(
            providers: providers,
            audit: audit,
            admission: .limited(by: gate),
            streams: streams,
            persona: { persona }
        )
    }

    /// Writes down what is billed, once no request is under way any more.
    func close() async { await gate.close() }
}
