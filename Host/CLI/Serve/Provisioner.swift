import Access
import Core
import Egress
import Foundation
import Logging
import PluginRuntime
import Services
import Storage
import Supervision

/// Gives each plugin what it was granted and nothing else.
struct Provisioner: Sendable {
    private let root: InstallationRoot
    private let settings: PluginSettingsSource
    private let plugins: [String: HostConfiguration.PluginConfiguration]
    private let values: PluginValues
    let client: HTTPClient
    private let mail: MailPolicy?
    private let metrics: MetricRegistry
    private let recorder: FaultRecorder
    private let logger: Logger

    init(
        root: InstallationRoot,
        configuration: HostConfiguration,
        environment: HostEnvironment,
        metrics: MetricRegistry,
        recorder: FaultRecorder,
        logger: Logger
    ) throws {
        self.root = root
        self.metrics = metrics
        self.recorder = recorder
        self.logger = logger
        settings = PluginSettingsSource(configuration: configuration, environment: environment)
        plugins = configuration.plugins
        values = try PluginValues(path: root.pluginDatabase)
        let process = ProcessInfo.processInfo.environment
        let authorityFile = DownloadPolicy(environment: process).authorityFile
        mail = try configuration.mail?.policy(environment, authorityFile: authorityFile)
        client = try HTTPClient(
            HTTPClient.Settings(
                proxies: ProxySettings(environment: process),
                authorityFile: authorityFile
            )
        )
    }

    private static func exchange(_ http: PluginHTTP) -> LocalServices.StartExchange {
        { (request, call, events) throws(ServiceError) in
            try http.start(
                request,
                deadline: call.deadline,
                limits: call.context.exchangeLimits,
                trace: call.context.trace,
                events: events
            )
        }
    }

    private static func check(_ services: LocalServices) -> (@Sendable (_ hiddenBytes: Int) -> Bool)? {
        guard let quota = services.dataFolderQuotaBytes else { return nil }
        return { hiddenBytes in
            guard let usage = services.dataFolderUsage() else { return false }
            // What could not be counted to its end is too much.
            return !usage.isComplete || usage.usedBytes + hiddenBytes > quota
        }
    }

    func provide(_ manifest: Manifest, invoker: SkillInvoker) -> PluginFleet.Provisions {
        let plugin = plugins[manifest.name.description]
        return provide(
            manifest,
            settings.settings(for: manifest),
            operatorHosts: plugin?.allowedHosts ?? [],
            allowsPrivateHosts: plugin?.allowsPrivateHosts ?? false,
            invoker
        )
    }

    /// What a provider entry says, and nothing of what praximous.yaml says about its plugin.
    func provide(_ provider: ProviderSettings, invoker: SkillInvoker) -> PluginFleet.Provisions {
        provide(provider.granted, provider.settings, allowsPrivateHosts: provider.allowsPrivateHosts, invoker)
    }

    private func provide(
        _ manifest: Manifest,
        _ settings: PluginSettings,
        operatorHosts: [String] = [],
        allowsPrivateHosts: Bool,
        _ invoker: SkillInvoker
    ) -> PluginFleet.Provisions {
        let http = PluginHTTP(
            client: client,
            plugin: manifest.name.description,
            permissions: manifest.permissions,
            operatorHosts: operatorHosts,
            allowsPrivateAddresses: allowsPrivateHosts
        )
        let exchange = http.map(Self.exchange)
        do {
            let services = try LocalServices(
                manifest: manifest,
                settings: settings,
                root: root,
                metrics: metrics,
                values: values,
                exchange: exchange,
                invoker: invoker,
                mail: mail,
                observe: { [recorder] note in recorder.note(note, of: manifest) }
            )
            let check = Self.check(services)
            return PluginFleet.Provisions(settings: settings, services: services, isFolderFull: check)
        } catch {
            logger.error("no folder for a plugin", metadata: ["plugin": "\(manifest.name)", "reason": "\(error)"])
            return PluginFleet.Provisions(
                settings: settings,
                services: BareServices(settings: settings, manifest: manifest)
            )
        }
    }
}
