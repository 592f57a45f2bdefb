package import PluginRuntime
import Storage

extension LocalServices {
    package func value(forKey key: [UInt8]) throws(ServiceError) -> KeptValue {
        let (values, _) = try store()
        do {
            let (bytes, revision) = try values.value(forKey: key, of: plugin)
            return KeptValue(bytes: bytes, revision: revision)
        } catch {
            throw noted(error)
        }
    }

    package func put(
        _ value: [UInt8],
        forKey key: [UInt8],
        expectedRevision: UInt64,
        timeToLiveSeconds: UInt32
    ) throws(ServiceError) {
        let (values, quotaBytes) = try store()
        do {
            try values.put(
                value,
                forKey: key,
                of: plugin,
                expectedRevision: expectedRevision,
                timeToLiveSeconds: timeToLiveSeconds,
                quotaBytes: quotaBytes
            )
        } catch {
            throw noted(error)
        }
    }

    package func removeValue(forKey key: [UInt8]) throws(ServiceError) {
        let (values, _) = try store()
        do {
            try values.removeValue(forKey: key, of: plugin)
        } catch {
            throw noted(error)
        }
    }

    /// `.tooLarge` when there are more keys than are listed at once: a list cut short would pass for the whole.
    package func keys(withPrefix prefix: [UInt8]) throws(ServiceError) -> [[UInt8]] {
        let (values, _) = try store()
        let listed: (keys: [[UInt8]], isComplete: Bool)
        do {
            listed = try values.keys(withPrefix: prefix, of: plugin)
        } catch {
            throw noted(error)
        }
        guard listed.isComplete else { throw .tooLarge }
        return listed.keys
    }

    private func store() throws(ServiceError) -> (PluginValues, quotaBytes: Int) {
        guard let quotaBytes = grants.valueBytes else { throw denied("storage.kv") }
        guard let values else { throw .unsupported }
        return (values, quotaBytes)
    }

    private func noted(_ error: PluginValuesError) -> ServiceError {
        if case .unavailable(let reason) = error { observe(.storeFailed(reason: reason)) }
        return error.serviceError
    }
}
