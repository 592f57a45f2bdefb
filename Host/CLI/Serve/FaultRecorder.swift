import Audit
import Core
import Logging
import PluginRuntime
import Sandbox
import Services
import Supervision
import Synchronization
import Workers

/// Writes down what becomes of plugins: a row in the audit log and a count for each fault, a row for each thing that was
/// denied.
struct FaultRecorder: Sendable {
    private let events: AsyncStream<AuditEvent>
    private let add: AsyncStream<AuditEvent>.Continuation
    private let metrics: MetricRegistry
    private let logger: Logger
    private let allowances = DenialAllowances()

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
                denied(plugin, denial.what.rawValue, "\(denial.call) \(denial.target)")
            },
            restarted: { [self] plugin in metrics.restarts.add(labels: [plugin.name]) }
        )
    }

    /// What the services refused, as a denial.
    func note(_ note: ServiceNote, of manifest: Manifest) {
        let plugin = PluginIdentity(manifest)
        switch note {
        case .denied(let what): denied(plugin, "permission", what)
        case .storeFailed(let reason):
            guard allowances.judge(plugin.name) != nil else { return }
            logger.error("plugins' store failed", metadata: ["plugin": "\(plugin.name)", "reason": "\(reason)"])
        }
    }

    private func denied(_ plugin: PluginIdentity, _ word: String, _ what: String) {
        guard let dropped = allowances.judge(plugin.name) else { return }
        if dropped > 0 {
            logger.warning("denials not written", metadata: ["plugin": "\(plugin.name)", "count": "\(dropped)"])
        }
        logger.warning("denied", metadata: ["plugin": "\(plugin.name)", "what": "\(what)"])
        add.yield(event(.denial, plugin, word, what))
    }

    /// A plugin that the start of this host quarantined because of the end of the last one.
    func settled(_ entry: Quarantine.Entry) {
        let plugin = PluginIdentity(name: entry.plugin.description, version: entry.version.description)
        metrics.faults.add(labels: [plugin.name, entry.kind])
        add.yield(event(.fault, plugin, entry.kind, entry.reason))
    }

    /// The host ends because of what its plugins hold.
    func restarts(_ why: String) {
        add.yield(event(.fault, provider: "host", "too_many_abandoned", why))
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
        event(kind, provider: "plugin:\(plugin.name)@\(plugin.version)", word, what)
    }

    private func event(
        _ kind: AuditEvent.Kind,
        provider: String,
        _ word: String,
        _ what: String
    ) -> AuditEvent {
        AuditEvent(
            requestID: RequestID.make(),
            time: WallClock.system.now(),
            kind: kind,
            status: .error,
            operation: what.onOneLine,
            provider: provider,
            errorCode: word
        )
    }
}

/// How many denials of each plugin are written down: one that asks in a loop must fill neither the disk nor the queue in
/// which the faults of the others wait.
private final class DenialAllowances: Sendable {
    private static let perSecond = 20

    private let allowances = Mutex<[String: LogAllowance]>([:])

    /// How many were passed over since the last one; nil when this one is, too.
    func judge(_ plugin: String) -> Int? {
        let now = MonotonicClock.now()
        let verdict = allowances.withLock { allowances in
            allowances[plugin, default: LogAllowance(linesPerSecond: Self.perSecond)].judge(at: now)
        }
        guard case .write(let dropped) = verdict else { return nil }
        return dropped
    }
}
