import CPraximous

/// `prax.host.kv/1`: the plugin's own store.
enum KeyValueService {
    /// Never changes once it is made.
    nonisolated(unsafe) static let table: UnsafePointer<prax_host_kv> = {
        let table = UnsafeMutablePointer<prax_host_kv>.allocate(capacity: 1)
        table.initialize(
            to: prax_host_kv(
                size: UInt32(MemoryLayout<prax_host_kv>.size),
                get: { host, key, sink, context in KeyValueService.get(host, key, sink, context) },
                put: { host, key, value, revision, seconds in
                    KeyValueService.put(host, key, value, revision, seconds)
                },
                del: { host, key in KeyValueService.remove(host, key) },
                list: { host, prefix, each, context in KeyValueService.list(host, prefix, each, context) }
            )
        )
        return UnsafePointer(table)
    }()

    private static func get(
        _ host: UnsafeMutableRawPointer?,
        _ key: prax_str,
        _ sink: (@convention(c) (UnsafeMutableRawPointer?, prax_bytes, UInt64) -> Void)?,
        _ context: UnsafeMutableRawPointer?
    ) -> prax_status {
        guard let object = HostObject.from(host), let sink else { return status(PRAX_E_INVALID) }
        do throws(ServiceError) {
            let kept = try object.services.value(forKey: Array(key.bytes))
            withPraxBytes(kept.bytes) { sink(context, $0, kept.revision) }
            return status(PRAX_OK)
        } catch {
            return error.rawValue
        }
    }

    private static func put(
        _ host: UnsafeMutableRawPointer?,
        _ key: prax_str,
        _ value: prax_bytes,
        _ expectedRevision: UInt64,
        _ timeToLiveSeconds: UInt32
    ) -> prax_status {
        guard let object = HostObject.from(host) else { return status(PRAX_E_INVALID) }
        do throws(ServiceError) {
            try object.services.put(
                value.copied,
                forKey: Array(key.bytes),
                expectedRevision: expectedRevision,
                timeToLiveSeconds: timeToLiveSeconds
            )
            return status(PRAX_OK)
        } catch {
            return error.rawValue
        }
    }

    private static func remove(_ host: UnsafeMutableRawPointer?, _ key: prax_str) -> prax_status {
        guard let object = HostObject.from(host) else { return status(PRAX_E_INVALID) }
        do throws(ServiceError) {
            try object.services.removeValue(forKey: Array(key.bytes))
            return status(PRAX_OK)
        } catch {
            return error.rawValue
        }
    }

    private static func list(
        _ host: UnsafeMutableRawPointer?,
        _ prefix: prax_str,
        _ each: (@convention(c) (UnsafeMutableRawPointer?, prax_str) -> Int32)?,
        _ context: UnsafeMutableRawPointer?
    ) -> prax_status {
        guard let object = HostObject.from(host), let each else { return status(PRAX_E_INVALID) }
        do throws(ServiceError) {
            for key in try object.services.keys(withPrefix: Array(prefix.bytes)) {
                let goesOn = key.withUnsafeBufferPointer { bytes in
                    withPraxString(bytes) { each(context, $0) == 0 }
                }
                if !goesOn { break }
            }
            return status(PRAX_OK)
        } catch {
            return error.rawValue
        }
    }
}
