package import Core

/// Secrets and nothing else: what a plugin gets where no host stands behind it, as in `plugins call` and `plugins test`.
package struct BareServices: PluginServices {
    private let secrets: [String: Secret]
    /// The names that skill.yaml declares, whether or not the operator has set a value.
    private let declaredSecrets: Set<String>

    package init(settings: PluginSettings = PluginSettings(), manifest: Manifest? = nil) {
        secrets = settings.secrets
        declaredSecrets = Set(manifest?.secrets.map(\.name) ?? [])
    }

    package var tables: ServiceTables { [] }
    package var dataFolder: String? { nil }

    package func secret(named name: String) throws(ServiceError) -> Secret {
        if let secret = secrets[name] { return secret }
        throw declaredSecrets.contains(name) ? .notFound : .denied
    }

    package func value(forKey key: [UInt8]) throws(ServiceError) -> KeptValue { throw .denied }

    package func put(
        _ value: [UInt8],
        forKey key: [UInt8],
        expectedRevision: UInt64,
        timeToLiveSeconds: UInt32
    ) throws(ServiceError) { throw .denied }

    package func removeValue(forKey key: [UInt8]) throws(ServiceError) { throw .denied }

    package func keys(withPrefix prefix: [UInt8]) throws(ServiceError) -> [[UInt8]] { throw .denied }

    package func startInvocation(
        _ invocation: Invocation,
        events: any InvocationEvents
    ) throws(ServiceError) -> any RunningInvocation { throw .denied }

    package func startExchange(
        _ request: HTTPExchangeRequest,
        for call: ServedCall,
        events: any HTTPExchangeEvents
    ) throws(ServiceError) -> any RunningExchange { throw .denied }

    package func send(_ mail: MailMessage, for call: ServedCall) throws(MailRefusal) { throw MailRefusal(.denied) }

    package func defineMetric(_ definition: MetricDefinition) throws(ServiceError) -> Int32 { throw .denied }

    package func record(metric: Int32, value: Double, labels: [String]) {}
}
