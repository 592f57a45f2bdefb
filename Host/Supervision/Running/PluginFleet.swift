package import Core
package import Logging
package import PluginRuntime
import Synchronization
package import Workers

/// All plugins of one host: how each is brought to life, how it stands, what became of it.
package final class PluginFleet: Sendable {
    /// What a plugin is given.
    package struct Provisions: Sendable {
        package let settings: PluginSettings
        package let services: any PluginServices
        /// Whether the plugin's own folder holds more than it may, with so many bytes that are not in it by name; nil
        /// when it has none.
        package let isFolderFull: (@Sendable (_ hiddenBytes: Int) -> Bool)?

        package init(
            settings: PluginSettings,
            services: any PluginServices,
            isFolderFull: (@Sendable (_ hiddenBytes: Int) -> Bool)? = nil
        ) {
            self.settings = settings
            self.services = services
            self.isFolderFull = isFolderFull
        }
    }

    private struct Entry {
        var report: PluginReport
        var runner: (any ReportingRunner)?
    }

    private let root: InstallationRoot
    private let policy: IsolationPolicy
    private let limits: RestartLimits
    private let runtime: WorkerRuntime
    private let calls: SkillCalls
    private let events: FleetEvents
    private let logger: Logger
    private let provide: @Sendable (Manifest) -> Provisions
    private let entries = Mutex<[PluginInstanceName: Entry]>([:])
    /// How many plugins are started beside one another.
    private let slots = StartSlots(count: 8)
    private let lateRefusal = Mutex<(@Sendable (any SkillRunner) -> Void)?>(nil)
    /// What plugins inside the host have taken of it for good.
    package let abandoned: AbandonedThreads

    /// `provide` gives each plugin its configuration, its secrets and the services it was granted; `maxAbandoned` is how
    /// many threads of the host may be lost to calls that do not come back.
    package init(
        root: InstallationRoot,
        policy: IsolationPolicy,
        limits: RestartLimits,
        maxAbandoned: Int,
        runtime: WorkerRuntime,
        calls: SkillCalls,
        events: FleetEvents,
        logger: Logger,
        provide: @escaping @Sendable (Manifest) -> Provisions
    ) {
        self.root = root
        self.policy = policy
        self.limits = limits
        abandoned = AbandonedThreads(max: maxAbandoned)
        self.runtime = runtime
        self.calls = calls
        self.events = events
        self.logger = logger
        self.provide = provide
    }

    package func decision(for folder: PluginFolder) -> IsolationPolicy.Decision {
        policy.decide(folder.manifest, origin: folder.origin)
    }

    /// Names who takes a plugin back that was given out and then could not be loaded.
    package func onLateRefusal(_ body: @escaping @Sendable (any SkillRunner) -> Void) {
        lateRefusal.withLock { $0 = body }
    }

    /// Brings a plugin to life as the policy wants it.
    ///
    /// Blocks until it is ready when something is served meanwhile; otherwise a worker is started beside the others, or
    /// with the first call (``FirstStart``), and the first calls wait for it: one plugin that hangs holds nobody up. Throws
    /// ``Refusal``.
    ///
    /// `entry` names the provider entry that this instance serves, with `provisions` of its own; nil is the plugin's only
    /// instance.
    package func start(
        _ folder: PluginFolder,
        as entry: String? = nil,
        with provisions: Provisions? = nil,
        hasPredecessor: Bool
    ) throws(Refusal) -> any SkillRunner {
        let decision = decision(for: folder)
        let instance = PluginInstanceName(plugin: folder.manifest.name, entry: entry)
        if let warning = decision.warning { logger.warning("\(warning)") }
        if let notice = decision.notice {
            logger.warning("permission", metadata: ["plugin": "\(folder.manifest.name)", "notice": "it \(notice)"])
        }
        do throws(Refusal) {
            let runner = try makeRunner(folder, instance, provisions ?? provide(folder.manifest), decision)
            if let worker = runner as? WorkerRunner, hasPredecessor { try worker.startFirst() }
            note(folder, instance, decision, runner, nil)
            // After the note, which its refusal takes back.
            if let worker = runner as? WorkerRunner, !hasPredecessor, decision.firstStart == .withHost {
                startBeside(worker, folder, instance, decision)
            }
            return runner
        } catch {
            note(folder, instance, decision, nil, error)
            throw error
        }
    }

    private func makeRunner(
        _ folder: PluginFolder,
        _ instance: PluginInstanceName,
        _ provisions: Provisions,
        _ decision: IsolationPolicy.Decision
    ) throws(Refusal) -> any ReportingRunner {
        var logger = logger
        logger[metadataKey: "plugin"] = "\(instance)"
        let book = FaultBook(
            folder.manifest,
            entry: instance.entry,
            mode: decision.mode,
            limits: limits,
            quarantine: Quarantine(root),
            events: events,
            logger: self.logger
        )
        try folder.manifest.checkFits()
        let settings = try provisions.settings.completed(by: folder.manifest)
        guard book.quarantineFailure == nil else { return HeldRunner(book) }
        guard decision.mode != .inproc else {
            return try InProcessRunner.load(
                folder,
                settings: settings,
                services: provisions.services,
                calls: calls,
                book: book,
                abandoned: abandoned,
                marker: BootMarker(root),
                logger: logger
            )
        }
        // What an earlier host left when it still ran inside.
        BootMarker(root).remove(folder.manifest.name)
        let plan = WorkerPlan(
            identity: PluginIdentity(folder.manifest),
            kind: folder.manifest.kind,
            libraryPath: try folder.libraryPath(),
            config: settings.config,
            services: provisions.services,
            mode: decision.mode,
            limits: workerLimits(folder.manifest, decision),
            readableFolders: [folder.path],
            logger: logger,
            isFolderFull: provisions.isFolderFull
        )
        // What can be seen without running it is seen at once.
        try LibraryFile(path: plan.libraryPath).check()
        return WorkerRunner(plan, book: book, runtime: runtime, events: events)
    }

    private func startBeside(
        _ runner: WorkerRunner,
        _ folder: PluginFolder,
        _ instance: PluginInstanceName,
        _ decision: IsolationPolicy.Decision
    ) {
        runner.startBeside(slots) { [self] refusal in
            logger.error("plugin refused", metadata: ["path": "\(folder.path)", "reason": "\(refusal)"])
            let isCurrent = entries.withLock { entries in
                guard entries[instance]?.runner === runner else { return false }
                entries[instance]?.runner = nil
                return true
            }
            if isCurrent { note(folder, instance, decision, nil, refusal) }
            lateRefusal.withLock { $0 }?(runner)
        }
    }

    private func workerLimits(_ manifest: Manifest, _ decision: IsolationPolicy.Decision) -> WorkerLimits {
        let quotas = manifest.permissions.compactMap { permission -> Int? in
            if case .storageDirectory(let bytes) = permission { bytes } else { nil }
        }
        return WorkerLimits(decision.limits, maxFileBytes: quotas.max())
    }

    private func note(
        _ folder: PluginFolder,
        _ instance: PluginInstanceName,
        _ decision: IsolationPolicy.Decision,
        _ runner: (any ReportingRunner)?,
        _ refusal: Refusal?
    ) {
        let report = PluginReport(
            name: folder.manifest.name,
            entry: instance.entry,
            version: folder.manifest.version,
            kind: folder.manifest.kind,
            taskType: folder.manifest.taskType,
            origin: folder.origin,
            state: refusal == nil ? .idle : .refused,
            reason: refusal?.description,
            decision: decision
        )
        entries.withLock { entries in
            // A version that is refused leaves the one before it in its place.
            if refusal != nil, entries[instance]?.runner != nil { return }
            entries[instance] = Entry(report: report, runner: runner)
        }
    }

    /// Ends every worker, and with it whatever it has started.
    ///
    /// Blocks for `limit` and a little at most.
    package func stop(within limit: Duration) {
        let runners = entries.withLock { $0.values.compactMap { $0.runner as? WorkerRunner } }
        let done = Semaphore()
        var started = 0
        for runner in runners {
            let isStarted = DetachedThread.start(named: "prax-stop") {
                runner.stop(within: limit)
                done.signal()
            }
            if isStarted { started += 1 } else { runner.stop(within: limit) }
        }
        for _ in 0..<started { done.wait() }
    }

    /// Quarantines the plugins that hold threads of the host, so that the next host does not run into them again; their
    /// names.
    package func holdBackHung(_ reason: String) -> [PluginName] {
        let runners = entries.withLock { $0.values.compactMap { $0.runner as? InProcessRunner } }
        return runners.compactMap { $0.holdBackIfHung(reason) }.sorted()
    }

    /// Forgets what is no longer installed; the instances of providers are left to ``keep(onlyEntries:)``.
    package func keep(only names: Set<PluginName>) {
        entries.withLock { entries in
            entries = entries.filter { $0.key.entry != nil || names.contains($0.key.plugin) }
        }
    }

    /// Forgets the instances of provider entries that are no longer there.
    package func keep(onlyEntries names: Set<PluginInstanceName>) {
        entries.withLock { entries in entries = entries.filter { $0.key.entry == nil || names.contains($0.key) } }
    }

    /// How one instance stands; nil when it was never started.
    package func report(of instance: PluginInstanceName) -> PluginReport? {
        entries.withLock { $0[instance] }.map(Self.report)
    }

    private static func report(_ entry: Entry) -> PluginReport {
        var report = entry.report
        entry.runner?.complete(&report)
        return report
    }

    /// How every instance stands, by name.
    package func reports() -> [PluginReport] {
        entries.withLock { Array($0.values) }
            .map(Self.report)
            .sorted { $0.instance < $1.instance }
    }
}
