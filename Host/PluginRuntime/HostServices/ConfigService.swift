import CPraximous
import Core
import PraximousJSON

/// `prax.host.config/1`: an instance's own configuration and declared secrets, pushed into the plugin's sink.
enum ConfigService {
    /// Never changes once it is made.
    nonisolated(unsafe) static let table: UnsafePointer<prax_host_config> = {
        let table = UnsafeMutablePointer<prax_host_config>.allocate(capacity: 1)
        table.initialize(
            to: prax_host_config(
                size: UInt32(MemoryLayout<prax_host_config>.size),
                get: { host, pointer, sink, context in ConfigService.value(host, pointer, sink, context) },
                secret: { host, name, sink, context in ConfigService.secret(host, name, sink, context) },
                data_dir: { host in HostObject.from(host)?.dataFolder ?? prax_str(ptr: nil, len: 0) }
            )
        )
        return UnsafePointer(table)
    }()

    private static func value(
        _ host: UnsafeMutableRawPointer?,
        _ pointer: prax_str,
        _ sink: (@convention(c) (UnsafeMutableRawPointer?, prax_str) -> Void)?,
        _ context: UnsafeMutableRawPointer?
    ) -> prax_status {
        guard let object = HostObject.from(host), let sink else { return status(PRAX_E_INVALID) }
        guard let value = object.config.value(at: pointer.text()) else { return status(PRAX_E_NOT_FOUND) }
        withPraxString(value.text) { sink(context, $0) }
        return status(PRAX_OK)
    }

    private static func secret(
        _ host: UnsafeMutableRawPointer?,
        _ name: prax_str,
        _ sink: (@convention(c) (UnsafeMutableRawPointer?, prax_bytes) -> Void)?,
        _ context: UnsafeMutableRawPointer?
    ) -> prax_status {
        guard let object = HostObject.from(host), let sink else { return status(PRAX_E_INVALID) }
        let secret: Secret
        do throws(ServiceError) {
            secret = try object.services.secret(named: name.text(maxBytes: 256))
        } catch {
            return error.rawValue
        }
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, secret.exposed.utf8.count))
        defer {
            // The plugin's view of the secret does not outlive the sink.
            copy.update(repeating: 0)
            copy.deallocate()
        }
        copy.initialize(repeating: 0)
        _ = copy.update(from: secret.exposed.utf8)
        sink(context, prax_bytes(ptr: copy.baseAddress, len: secret.exposed.utf8.count))
        return status(PRAX_OK)
    }
}

extension JSON {
    /// The value a JSON Pointer (RFC 6901) names; nil when there is none.
    fileprivate func value(at pointer: String) -> JSON? {
        if pointer.isEmpty { return self }
        guard pointer.hasPrefix("/") else { return nil }
        var value = self
        for token in pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            let name = String(token).replacing("~1", with: "/").replacing("~0", with: "~")
            if let elements = value.arrayValue {
                // RFC 6901 knows one spelling of a position: no sign, no leading zero.
                guard let position = Int(name), String(position) == name, elements.indices.contains(position) else {
                    return nil
                }
                value = elements[position]
            } else {
                guard let member = value[name] else { return nil }
                value = member
            }
        }
        return value
    }
}
