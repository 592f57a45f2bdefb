import Core
import PluginRuntime
import Synchronization

/// What a plugin is given that is loaded and not called: the tables that it was granted, and nothing behind them.
///
/// create() may look whether it has what it needs; what it writes is forgotten.
final class DryServices: PluginServices {
    let tables: ServiceTables
    let dataFolder: String?
    private let secrets: BareServices
    private let metrics = Atomic<Int32>(0)

    init(_ manifest: Manifest, _ settings: PluginSettings, dataFolder: String?) {
        var tables: ServiceTables = .metrics
        for permission in manifest.permissions {
            switch permission {
            case .networkHTTP: tables.insert(.http)
            case .networkSMTP: tables.insert(.mail)
            case .storageKV: tables.insert(.keyValue)
            case .invokeSkills, .invokeModels: tables.insert(.invoke)
            case .storageDirectory, .startPrograms: break
            }
        }
        self.tables = tables
        self.dataFolder = dataFolder
        secrets = BareServices(settings: settings, manifest: manifest)
    }

    func secret(named name: String) throws(ServiceError) -> Secret { try secrets.secret(named: name) }

    func value(forKey key: [UInt8]) throws(ServiceError) -> KeptValue { throw .notFound }
    func put(
        _ value: [UInt8],
        forKey key: [UInt8],
        expectedRevision: UInt64,
        timeToLiveSeconds: UInt32
    ) throws(ServiceError) {}
    func removeValue(forKey key: [UInt8]) throws(ServiceError) {}
    func keys(withPrefix prefix: [UInt8]) throws(ServiceError) -> [[UInt8]] { [] }

    func startInvocation(
        _ invocation: Invocation,
        events: any InvocationEvents
    ) throws(ServiceError) -> any RunningInvocation { throw .unavailable }

    func startExchange(
        _ request: HTTPExchangeRequest,
        for call: ServedCall,
        events: any HTTPExchangeEvents
    ) throws(ServiceError) -> any RunningExchange { throw .unavailable }

    func send(_ mail: MailMessage, for call: ServedCall) throws(MailRefusal) { throw MailRefusal(.unavailable) }

    func defineMetric(_ definition: MetricDefinition) throws(ServiceError) -> Int32 {
        metrics.add(1, ordering: .relaxed).oldValue
    }
    func record(metric: Int32, value: Double, labels: [String]) {}
}
