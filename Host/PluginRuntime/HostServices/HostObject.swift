import CPraximous
package import Core
import Logging
package import PraximousJSON
import Synchronization

/// What one plugin instance gets from the host: its name, configuration and secrets.
package struct PluginSettings: Sendable {
    /// The values of its `config_schema`.
    package var config: JSON
    /// Only the secrets that its manifest declares.
    package var secrets: [String: Secret]

    package init(config: JSON = [:], secrets: [String: Secret] = [:]) {
        self.config = config
        self.secrets = secrets
    }
}

/// The `prax_host` of one instance: the C struct, and what its `ctx` points to.
///
/// @unchecked Sendable: everything is set before the pointer is handed out and never changes.
final class HostObject: @unchecked Sendable {
    let config: JSON
    let services: any PluginServices
    let logger: Logger
    /// The plugin's HTTP exchanges under way.
    let exchanges = ExchangeTable()
    /// How many log lines it may still write.
    let logAllowance = Mutex(LogAllowance(linesPerSecond: 100))
    /// Metrics may be defined only inside create().
    let isCreating = Atomic(true)
    private let name: UnsafeMutableBufferPointer<UInt8>
    private let version: UnsafeMutableBufferPointer<UInt8>
    private let host: UnsafeMutablePointer<prax_host>
    private let folder: UnsafeMutableBufferPointer<UInt8>?

    init(config: JSON, services: any PluginServices, logger: Logger) {
        self.config = config
        self.services = services
        self.logger = logger
        folder = services.dataFolder.map(Self.copy)
        name = Self.copy(HostVersion.name)
        version = Self.copy(HostVersion.text)
        host = .allocate(capacity: 1)
        host.initialize(
            to: prax_host(
                size: UInt32(MemoryLayout<prax_host>.size),
                abi_major: HostVersion.abiMajor,
                abi_minor: HostVersion.abiMinor,
                ctx: Unmanaged.passUnretained(self).toOpaque(),
                name: withPraxString(UnsafeBufferPointer(name)) { $0 },
                version: withPraxString(UnsafeBufferPointer(version)) { $0 },
                get_extension: { context, id in HostObject.from(context)?.table(named: id) }
            )
        )
    }

    deinit {
        host.deallocate()
        name.deallocate()
        version.deallocate()
        folder?.deallocate()
    }

    /// The folder of the plugin's own, absent unless it was granted.
    var dataFolder: prax_str {
        folder.map { folder in withPraxString(UnsafeBufferPointer(folder)) { $0 } } ?? prax_str(ptr: nil, len: 0)
    }

    var pointer: UnsafePointer<prax_host> { UnsafePointer(host) }

    /// The object behind the `host` argument of a service function; nil for NULL.
    static func from(_ context: UnsafeMutableRawPointer?) -> HostObject? {
        context.map { Unmanaged<HostObject>.fromOpaque($0).takeUnretainedValue() }
    }

    private func table(named id: UnsafePointer<CChar>?) -> UnsafeRawPointer? {
        guard let id else { return nil }
        let offered = services.tables
        return switch String(cString: id) {
        case PRAX_EXT_HOST_CALL: UnsafeRawPointer(CallService.table)
        case PRAX_EXT_HOST_LOG: UnsafeRawPointer(LogService.table)
        case PRAX_EXT_HOST_CONFIG: UnsafeRawPointer(ConfigService.table)
        case PRAX_EXT_HOST_HTTP where offered.contains(.http): UnsafeRawPointer(HTTPService.table)
        case PRAX_EXT_HOST_KV where offered.contains(.keyValue): UnsafeRawPointer(KeyValueService.table)
        case PRAX_EXT_HOST_INVOKE where offered.contains(.invoke): UnsafeRawPointer(InvokeService.table)
        case PRAX_EXT_HOST_METRICS where offered.contains(.metrics): UnsafeRawPointer(MetricsService.table)
        case PRAX_EXT_HOST_MAIL where offered.contains(.mail): UnsafeRawPointer(MailService.table)
        default: nil
        }
    }

    private static func copy(_ text: String) -> UnsafeMutableBufferPointer<UInt8> {
        let bytes = Array(text.utf8)
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = buffer.initialize(from: bytes)
        return buffer
    }
}
