package import Core
package import PluginRuntime
package import Storage

/// The host's own services for one start of a plugin's instance.
///
/// What the manifest was granted is judged here and nowhere else: what asks may be a worker that was taken over.
package struct LocalServices: PluginServices {
    package typealias StartExchange =
        @Sendable (HTTPExchangeRequest, ServedCall, any HTTPExchangeEvents) throws(ServiceError) -> any RunningExchange

    package let plugin: PluginName
    let grants: Grants
    let values: PluginValues?
    let invoker: SkillInvoker?
    let mail: MailPolicy?
    let limits: ServiceLimits
    let observe: @Sendable (ServiceNote) -> Void
    private let secrets: [String: Secret]
    private let declaredSecrets: Set<String>
    private let metrics: PluginMetrics
    private let exchange: StartExchange?
    private let folder: DataFolder?

    /// Makes the plugin's own folder when `storage.dir` was granted.
    ///
    /// A nil part of the host is a table that the plugin does not get. `exchange` judges hosts and methods itself.
    /// `observe` is called on the asking thread and must not wait.
    package init(
        manifest: Manifest,
        settings: PluginSettings,
        root: InstallationRoot,
        metrics: MetricRegistry,
        values: PluginValues? = nil,
        exchange: StartExchange? = nil,
        invoker: SkillInvoker? = nil,
        mail: MailPolicy? = nil,
        limits: ServiceLimits = ServiceLimits(),
        observe: @escaping @Sendable (ServiceNote) -> Void = { _ in }
    ) throws(DataFolderError) {
        plugin = manifest.name
        grants = Grants(manifest.permissions)
        folder = grants.folderBytes == nil ? nil : try DataFolder(of: manifest.name, in: root)
        secrets = settings.secrets
        declaredSecrets = Set(manifest.secrets.map(\.name))
        self.metrics = metrics.metrics(of: manifest.name)
        self.values = values
        self.exchange = exchange
        self.invoker = invoker
        self.mail = mail
        self.limits = limits
        self.observe = observe
    }

    package var tables: ServiceTables {
        var tables: ServiceTables = .metrics
        if grants.valueBytes != nil, values != nil { tables.insert(.keyValue) }
        if grants.allowsHTTP, exchange != nil { tables.insert(.http) }
        // Also without a server: the plugin then hears why nothing is sent.
        if !grants.mailDomains.isEmpty { tables.insert(.mail) }
        if grants.allowsInvoke, invoker != nil { tables.insert(.invoke) }
        return tables
    }

    package func secret(named name: String) throws(ServiceError) -> Secret {
        guard declaredSecrets.contains(name) else { throw denied("secret " + name.quotedForMessage()) }
        guard let secret = secrets[name] else { throw .notFound }
        return secret
    }

    package func startExchange(
        _ request: HTTPExchangeRequest,
        for call: ServedCall,
        events: any HTTPExchangeEvents
    ) throws(ServiceError) -> any RunningExchange {
        guard grants.allowsHTTP else { throw denied("network.http") }
        guard let exchange else { throw .unsupported }
        do throws(ServiceError) {
            return try exchange(request, call, events)
        } catch {
            if error == .denied {
                _ = denied("network.http " + "\(request.method) \(request.origin)".quotedForMessage())
            }
            throw error
        }
    }

    package func defineMetric(_ definition: MetricDefinition) throws(ServiceError) -> Int32 {
        try metrics.define(definition)
    }

    package func record(metric: Int32, value: Double, labels: [String]) {
        metrics.record(metric: metric, value: value, labels: labels)
    }

    func denied(_ what: String) -> ServiceError {
        observe(.denied(what: what))
        return .denied
    }
}

extension LocalServices {
    package var dataFolder: String? { folder?.path }

    /// What the plugin's own folder may take; nil without one.
    package var dataFolderQuotaBytes: Int? { grants.folderBytes }

    /// What the plugin's own folder takes now, nil without one: a scan, for a thread that may wait.
    package func dataFolderUsage() -> FolderScan? { folder?.usage(limits: limits.dataFolder) }
}

extension HTTPExchangeRequest {
    /// The URL's scheme and host; user, path and query may hold what is nobody's business.
    fileprivate var origin: String {
        guard let colon = url.firstRange(of: "://") else { return "an unreadable URL" }
        let authority = url[colon.upperBound...].prefix { !"/?#\\".contains($0) }
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        return String(url[..<colon.upperBound] + host)
    }
}
