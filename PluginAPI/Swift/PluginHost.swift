internal import CPraximous
public import PraximousJSON

/// How much a log line matters.
public enum LogLevel: Int32, Sendable {
    case trace, debug, info, warn, error
}

// Unchecked: all members are constants; the host's functions used here are marked [any] in the ABI, callable from any
// thread at once.
/// The host as a plugin sees it, for the life of one instance.
///
/// Every service may be missing or older than this SDK; then its answer is nil and the plugin goes on without.
public final class PluginHost: @unchecked Sendable {
    /// The program that loaded the plugin, such as `prax-host`.
    public let name: String
    /// The program's version.
    public let version: String
    /// The generation of the ABI the host speaks.
    public let abiMajor: UInt32
    /// The revision within the generation.
    public let abiMinor: UInt32

    /// What the plugin has to do later.
    ///
    /// Providers only: it ends with their instance.
    public let timers = Timers()

    let calls: prax_host_call
    let exchanges: prax_host_http
    let vectors: prax_host_vector
    let mail: prax_host_mail
    private let logging: prax_host_log
    private let configuration: prax_host_config
    let context: UnsafeMutableRawPointer?

    init(_ host: UnsafePointer<prax_host>?) {
        let host: prax_host = copyOfTable(host)
        name = host.name.text
        version = host.version.text
        abiMajor = host.abi_major
        abiMinor = host.abi_minor
        context = host.ctx
        calls = copyOfTable(host.get_extension?(host.ctx, PRAX_EXT_HOST_CALL))
        logging = copyOfTable(host.get_extension?(host.ctx, PRAX_EXT_HOST_LOG))
        configuration = copyOfTable(host.get_extension?(host.ctx, PRAX_EXT_HOST_CONFIG))
        exchanges = copyOfTable(host.get_extension?(host.ctx, PRAX_EXT_HOST_HTTP))
        vectors = copyOfTable(host.get_extension?(host.ctx, PRAX_EXT_HOST_VECTOR))
        mail = copyOfTable(host.get_extension?(host.ctx, PRAX_EXT_HOST_MAIL))
    }

    /// The configuration at a JSON pointer, the whole of it for `""`; nil when there is none.
    public func config(_ pointer: String = "") -> JSON? {
        guard let get = configuration.get else { return nil }
        var bytes: [UInt8]?
        let status = withUnsafeMutablePointer(to: &bytes) { sink in
            withBorrowed(pointer) { pointer in
                get(context, pointer, { $0?.assumingMemoryBound(to: [UInt8]?.self).pointee = Array($1.bytes) }, sink)
            }
        }
        guard status == PRAX_OK, let bytes else { return nil }
        return try? JSON.parse(bytes)
    }

    /// A secret the manifest declares by this name; nil when it is not granted or not set.
    public func secret(_ name: String) -> [UInt8]? {
        guard let secret = configuration.secret else { return nil }
        var bytes: [UInt8]?
        let status = withUnsafeMutablePointer(to: &bytes) { sink in
            withBorrowed(name) { name in
                secret(
                    context,
                    name,
                    { context, value in
                        let value = UnsafeBufferPointer(start: value.ptr, count: value.ptr == nil ? 0 : Int(value.len))
                        context?.assumingMemoryBound(to: [UInt8]?.self).pointee = Array(value)
                    },
                    sink
                )
            }
        }
        return status == PRAX_OK ? bytes : nil
    }

    /// A private folder to write in; nil when the manifest was not granted one.
    public var dataDirectory: String? {
        guard let path = configuration.data_dir?(context), path.ptr != nil else { return nil }
        return path.text
    }

    /// Writes a line to the host's log.
    ///
    /// The text is made only when the level is wanted.
    public func log(_ level: LogLevel, _ message: @autoclosure () -> String, _ fields: [(String, String)] = []) {
        log(level, message, fields, call: prax_call(id: 0))
    }

    func log(_ level: LogLevel, _ message: () -> String, _ fields: [(String, String)], call: prax_call) {
        guard let log = logging.log, logging.enabled?(context, level.rawValue) ?? 1 != 0 else { return }
        // One block of bytes for all fields: pointers into it stay valid while it is lent.
        var bytes: [UInt8] = []
        for (name, value) in fields { bytes += Array(name.utf8) + Array(value.utf8) }
        withBorrowed(message()) { message in
            withBorrowed(bytes) { all in
                var rest = all
                let pairs = fields.map { name, value in
                    prax_kv(key: rest.removeFirst(name.utf8.count), value: rest.removeFirst(value.utf8.count))
                }
                pairs.withUnsafeBufferPointer { log(context, call, level.rawValue, message, $0.baseAddress, $0.count) }
            }
        }
    }
}
