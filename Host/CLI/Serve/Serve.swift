import Access
import ArgumentParser
import Audit
import Core
import Foundation
import Gateway
import HTTPAPI
import Hummingbird
import Logging
import PluginRuntime
import Registry
import ServiceLifecycle
import Services
import Storage
import Supervision
import Workers

/// `prax-host serve`: the only file that sees every layer.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start the gateway.",
        discussion: """
            SIGTERM stops it gently: answers under way are finished. A second one ends it at once.
            With --supervised it ends with exit code 12, as gently, when plugins inside it hold more of its threads than
            `calls: max_abandoned` allows: for systemd's Restart=always, or a container's restart policy.

            EXAMPLE:
              prax-host serve --port 8000 --plugin ./my-skill
            """
    )

    @OptionGroup var options: GlobalOptions

    @Option(help: "The address to listen on (default: http.host in the configuration, else 127.0.0.1).")
    var host: String?

    @Option(help: "The port; 0 takes a free one (default: http.port in the configuration, else 8000).")
    var port: Int?

    @Option(help: ArgumentHelp("Also serve the plugin in this folder; may be given several times.", valueName: "dir"))
    var plugin: [String] = []

    @Option(help: "Run no plugin looser than this: inproc, process, sandbox or strict.")
    var isolation: IsolationPolicy.Mode?

    @Flag(help: "Serve only what ships with the host, to find out which plugin does harm.")
    var safeMode = false

    @Flag(help: "Something starts this host again whenever it ends: it may end itself to get rid of hung calls.")
    var supervised = false

    func run() async throws {
        let started = ContinuousClock.now
        if let port, !(0...65_535 ~= port) {
            throw CommandFailure(.usage, "--port is 0 to 65535, found \(port).")
        }
        DescriptorReserve.raiseLimit()
        let root = options.installation
        try InstallationFolders.create(root)
        try ServeLock.take(root)
        let configuration = try HostConfiguration.read(root)
        let environment = try HostEnvironment(
            process: ProcessInfo.processInfo.environment,
            file: root.environmentFile
        )
        let logger = HostLogger.make(configuration, environment, root)
        // Before any plugin can print.
        let output = StandardOutput.claim(logger)

        let keys = try KeyRing(root: root)
        let statics = try StaticKeys.parse(
            key: environment["PRAXIMOUS_API_KEY"],
            keys: environment["PRAXIMOUS_API_KEYS"]
        )
        for warning in environment.warnings + statics.warnings { logger.warning("\(warning)") }
        let authenticator = try keys.authenticator(statics: statics)
        let audit = try AuditLog(path: root.auditDatabase, mode: configuration.auditMode)

        await StoreStart(root: root, policy: try configuration.store.with(TrustFile(root)), logger: logger).settle()
        let setup = try PluginSetup(
            root: root,
            configuration: configuration,
            environment: environment,
            minimum: isolation,
            logger: logger
        )
        let skills = setup.skills
        let restart = HostRestart(
            isSupervised: supervised,
            fleet: setup.fleet,
            recorder: setup.recorder,
            logger: logger
        )
        let folders = PluginFolders(
            root: root,
            configuration: configuration,
            extra: plugin,
            isBundledOnly: safeMode
        )
        if safeMode { logger.notice("safe mode", metadata: ["serves": "only what ships with the host"]) }
        // Before the first plugin is loaded: told to stop, the host takes its marker away as well.
        let stop = await StopSignals(audit: audit)
        // Of all plugins, also those that safe mode leaves out: the report is read once.
        let everywhere = PluginFolders(root: root, configuration: configuration, extra: plugin)
        LastRunReport(root: root, logger: logger).settle(everywhere, setup.recorder)
        let providers = ProviderSync(
            root: root,
            setup: setup,
            process: ProcessInfo.processInfo.environment,
            logger: logger
        )
        try providers.readFirst(folders.scan().found)
        let sync = PluginSync(folders: folders, setup: setup, providers: providers, root: root, logger: logger)
        sync.update(until: { stop.isStopping })
        guard !stop.isStopping else {
            await setup.stop()
            try await audit.close()
            return logger.notice("stopped")
        }
        if skills.all.isEmpty {
            logger.warning("no skills", metadata: ["bundled": "\(HostLayout.bundledPlugins)", "fix": "make build"])
        }

        let tasks = CallTasks()
        let spans = try configuration.telemetry.exporter(environment, client: setup.client, logger: logger)
        let gateway = try GatewaySetup(
            root: root,
            providers: setup.providers,
            audit: audit,
            streams: configuration.streams,
            metrics: setup.metrics,
            spans: spans,
            logger: logger
        )
        let pipeline = RequestPipeline(
            skills: skills,
            audit: audit,
            defaultTimeout: configuration.callTimeout,
            streams: configuration.streams,
            admission: gateway.skills,
            chat: gateway.chat,
            refresh: { await sync.refreshIfChanged() }
        )
        setup.connect(SkillInvocations(skills: skills, pipeline: pipeline, tasks: tasks, chat: gateway.chat))
        let answers = try setup.metrics.counter(
            "prax_http_requests_total",
            help: "Answers over HTTP.",
            labels: ["route", "status"]
        )
        let interface = HTTPInterface(
            limits: configuration.http,
            authenticator: authenticator,
            pipeline: pipeline,
            tasks: tasks,
            skills: skills,
            views: setup.views(providers),
            store: StoreService(root: root, configuration: configuration, sync: sync).actions,
            chat: gateway.chat,
            health: HostHealth(
                notReadyReason: { audit.isHealthy ? restart.notReadyReason : "The audit log cannot be written." },
                degradedReason: { restart.degradedReason }
            ),
            count: { route, status in answers.add(labels: [route, String(status)]) }
        )
        let address = host ?? configuration.host
        // Once the call has been ended for it, a client has as long again to take the rest.
        let stall = configuration.streams.stall * 2
        let banner = Banner(
            root: root,
            skills: skills.all.count,
            isBuiltInAlone: providers.isBuiltInAlone,
            started: started,
            output: output
        )
        let application = Application(
            responder: interface.makeResponder(),
            server: interface.makeServer(stall: stall),
            configuration: .init(address: .hostname(address, port: port ?? configuration.port), serverName: nil),
            onServerRunning: { channel in
                // Not before: a key made for a host that then cannot listen would never be seen.
                let firstKey = Self.makeFirstKey(keys, statics, logger)
                banner.show(address, port: channel.localAddress?.port, firstKey: firstKey)
                StartPages.leave()
            },
            logger: logger
        )
        var services = ServiceGroupConfiguration(
            services: [
                // They are stopped in reverse: until the last call is over there may be something to write down.
                .init(service: BackgroundService { await setup.recorder.run(audit) }),
                .init(service: BackgroundService { try await authenticator.run() }),
                .init(service: BackgroundService { try await interface.sweep() }),
                .init(service: BackgroundService { try await interface.runWebSockets() }),
                .init(service: BackgroundService { try await sync.watch() }),
                .init(service: BackgroundService { try await providers.watch() }),
                .init(service: BackgroundService { await tasks.run() }),
                .init(service: application),
            ],
            logger: logger
        )
        // A service that ends at once would end the host.
        if let spans { services.services.insert(.init(service: BackgroundService { await spans.run() }), at: 0) }
        services.maximumGracefulShutdownDuration = .seconds(30)
        let group = ServiceGroup(configuration: services)
        do {
            try await stop.run(group, restart)
            await setup.stop()
            await gateway.close()
            await spans?.close()
        } catch {
            await setup.stop()
            await gateway.close()
            try? await audit.close()
            restart.endIfUnderWay(unless: stop.isStopping)
            throw ServeFailure.explain(error, address: address, port: port ?? configuration.port)
        }
        try await audit.close()
        restart.endIfUnderWay(unless: stop.isStopping)
        logger.notice("stopped")
    }

    /// Makes the first admin key where there is no key at all; without one nobody gets in.
    private static func makeFirstKey(_ keys: KeyRing, _ statics: StaticKeys, _ logger: Logger) -> NewKey? {
        do {
            if try keys.needsFirstKey(statics: statics) { return try keys.createFirstAdminKey() }
            let now = WallClock.system.now()
            let isShut = try keys.list().allSatisfy { [.revoked, .expired].contains($0.state(at: now)) }
            if isShut, statics.isEmpty {
                logger.warning("no key works", metadata: ["fix": "prax-host keys create --name NAME --role admin"])
            }
            return nil
        } catch {
            logger.error("no first key", metadata: ["reason": "\(error)", "fix": "prax-host keys create --role admin"])
            return nil
        }
    }
}
