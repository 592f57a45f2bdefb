import Access
import Core
import Egress
import Foundation
import Gateway
import HTTPAPI
import Logging
import PluginRuntime
import PraximousJSON
import Services
import Storage
import Supervision
import Synchronization
import Workers

/// Everything about plugins that one host needs, put together.
struct PluginSetup: Sendable {
    let fleet: PluginFleet
    let skills: SkillTable
    let recorder: FaultRecorder
    let metrics: MetricRegistry
    let providers: ProviderTable
    private let provisions: Provisioner
    private let invocations: InvocationsBox

    /// Child requests need the pipeline, which needs the skills: it is given later.
    private final class InvocationsBox: Sendable {
        let value = Mutex<SkillInvocations?>(nil)
    }

    init(
        root: InstallationRoot,
        configuration: HostConfiguration,
        environment: HostEnvironment,
        minimum: IsolationPolicy.Mode?,
        logger: Logger
    ) throws {
        let metrics = MetricRegistry()
        let recorder = FaultRecorder(metrics: metrics, logger: logger)
        let invocations = InvocationsBox()
        var isolation = configuration.isolation
        isolation.minimum = minimum
        let provisions = try Provisioner(
            root: root,
            configuration: configuration,
            environment: environment,
            metrics: metrics,
            recorder: recorder,
            logger: logger
        )
        let fleet = PluginFleet(
            root: root,
            policy: IsolationPolicy(settings: isolation),
            limits: configuration.restarts,
            maxAbandoned: configuration.maxAbandonedCalls,
            runtime: WorkerRuntime(executable: HostLayout.executable, settings: configuration.workers),
            calls: SkillCalls(),
            events: recorder.fleetEvents,
            logger: logger
        ) { manifest in
            provisions.provide(manifest, invoker: Self.invoker(invocations))
        }
        try metrics.gauge("prax_abandoned_threads", help: "Threads of the host held by calls that do not come back.") {
            [(labels: [], value: Double(fleet.abandoned.count))]
        }
        try metrics.gauge("prax_plugins", help: "Plugins by how they stand.", labels: ["state"]) {
            let counts = Dictionary(grouping: fleet.reports(), by: \.state).mapValues(\.count)
            return PluginReport.State.allCases.map { state in
                (labels: [state.rawValue], value: Double(counts[state] ?? 0))
            }
        }
        self.metrics = metrics
        self.recorder = recorder
        self.fleet = fleet
        self.invocations = invocations
        let skills = SkillTable { (folder, hasPredecessor) throws(Refusal) in
            try fleet.start(folder, hasPredecessor: hasPredecessor)
        }
        self.skills = skills
        let table = ProviderTable()
        providers = table
        self.provisions = provisions
        fleet.onLateRefusal { [weak skills, weak table] runner in
            skills?.remove(runner)
            table?.replace(runner, by: UnavailableRunner(.providerRefused))
        }
    }

    /// What asks servers for plugins, and for the host itself.
    var client: HTTPClient { provisions.client }

    /// What an instance gets that serves a provider entry.
    func provide(_ settings: ProviderSettings) -> PluginFleet.Provisions {
        provisions.provide(settings, invoker: Self.invoker(invocations))
    }

    /// From now on plugins can call each other.
    func connect(_ invocations: SkillInvocations) { self.invocations.value.withLock { $0 = invocations } }

    /// Ends the workers, once no request is under way any more.
    func stop() async {
        await withCheckedContinuation { continuation in
            let isStarted = DetachedThread.start(named: "prax-stop") { [fleet] in
                fleet.stop(within: .seconds(2))
                continuation.resume()
            }
            if !isStarted { continuation.resume() }
        }
    }

    func views(_ providers: ProviderSync) -> PluginViews {
        PluginViews(
            plugins: { [fleet] in fleet.reports().map(\.json) },
            providers: { providers.views },
            metrics: { [metrics] in metrics.prometheusText() }
        )
    }

    private static func invoker(_ box: InvocationsBox) -> SkillInvoker {
        SkillInvoker(
            plugin: { name in box.value.withLock { $0 }?.plugin(named: name) },
            start: { child, events throws(ServiceError) in
                guard let invocations = box.value.withLock({ $0 }) else { throw .unavailable }
                return try invocations.start(child, events)
            },
            startModel: { child, events throws(ServiceError) in
                guard let invocations = box.value.withLock({ $0 }) else { throw .unavailable }
                return try invocations.start(child, events)
            }
        )
    }
}
