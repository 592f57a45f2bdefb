import CPraximous
package import Core
import Logging
package import PraximousJSON

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
    let settings: PluginSettings
    /// The names that skill.yaml declares, whether or not the operator has set a value.
    let declaredSecrets: Set<String>
    let logger: Logger
    private let name: UnsafeMutableBufferPointer<UInt8>
    private let version: UnsafeMutableBufferPointer<UInt8>
    private let host: UnsafeMutablePointer<prax_host>

    init(settings: PluginSettings, declaredSecrets: Set<String>, logger: Logger) {
        self.settings = settings
        self.declaredSecrets = declaredSecrets
        self.logger = logger
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
                get_extension: { _, id in HostObject.table(named: id) }
            )
        )
    }

    deinit {
        host.deallocate()
        name.deallocate()
        version.deallocate()
    }

    var pointer: UnsafePointer<prax_host> { UnsafePointer(host) }

    /// The object behind the `host` argument of a service function; nil for NULL.
    static func from(_ context: UnsafeMutableRawPointer?) -> HostObject? {
        context.map { Unmanaged<HostObject>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func table(named id: UnsafePointer<CChar>?) -> UnsafeRawPointer? {
        guard let id else { return nil }
        return switch String(cString: id) {
        case PRAX_EXT_HOST_CALL: UnsafeRawPointer(CallService.table)
        case PRAX_EXT_HOST_LOG: UnsafeRawPointer(LogService.table)
        case PRAX_EXT_HOST_CONFIG: UnsafeRawPointer(ConfigService.table)
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
