import Audit
import Core
import Logging
import PluginRuntime
import Sandbox
import Services
import Supervision
import Workers

/// Writes down what becomes of plugins: a row in the audit log and a count for each fault, a row for each thing that was
/// denied.
struct FaultRecorder: Sendable {
    private let events: AsyncStream<AuditEvent>
    private let add: AsyncStream<AuditEvent>.Continuation
    private let metrics: MetricRegistry
    private let logger: Logger

    /// So many rows wait at most; the log file has them all.
    private static let maxWaiting = 4096

    init(metrics: MetricRegistry, logger: Logger) {
        (events, add) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.maxWaiting))
        self.metrics = metrics
        self.logger = logger
    }

    var fleetEvents: FleetEvents {
        FleetEvents(
            fault: { [self] fault in
                metrics.faults.add(labels: [fault.plugin.name, fault.kind.word])
                add.yield(event(.fault, fault.plugin, fault.kind.word, "\(fault.mode) \(fault.kind.phrase)"))
            },
            denial: { [self] plugin, denial in
                let what = "\(denial.call) \(denial.target)"
                logger.warning("denied", metadata: ["plugin": "\(plugin.name)", "what": "\(what)"])
                add.yield(event(.denial, plugin, denial.what.rawValue, what))
            },
            restarted: { [self] plugin in metrics.restarts.add(labels: [plugin.name]) }
        )
    }

    /// What the services refused, as a denial.
    func note(_ note: ServiceNote, of manifest: Manifest) {
        let plugin = PluginIdentity(manifest)
        switch note {
        case .denied(let what):
            logger.warning("denied", metadata: ["plugin": "\(plugin.name)", "what": "\(what)"])
            add.yield(event(.denial, plugin, "permission", what))
        case .storeFailed(let reason):
            logger.error("plugins' store failed", metadata: ["plugin": "\(plugin.name)", "reason": "\(reason)"])
        }
    }

    /// A plugin that the start of this host quarantined because of the end of the last one.
    func settled(_ entry: Quarantine.Entry) {
        let plugin = PluginIdentity(name: entry.plugin.description, version: entry.version.description)
        metrics.faults.add(labels: [plugin.name, entry.kind])
        add.yield(event(.fault, plugin, entry.kind, entry.reason))
    }

    /// Hands the rows to the audit log until cancelled, and those that wait then as well.
    func run(_ audit: AuditLog) async {
        await withTaskCancellationHandler {
            for await event in events {
                do {
                    try await audit.record(event)
                } catch {
                    logger.error("fault not audited", metadata: ["reason": "\(error)"])
                }
            }
        } onCancel: {
            add.finish()
        }
    }

    private func event(
        _ kind: AuditEvent.Kind,
        _ plugin: PluginIdentity,
        _ word: String,
        _ what: String
    ) -> AuditEvent {
        AuditEvent(
            requestID: RequestID.make(),
            time: WallClock.system.now(),
            kind: kind,
            status: .error,
            operation: what.onOneLine,
            provider: "plugin:\(plugin.name)@\(plugin.version)",
            errorCode: word
        )
    }
}
