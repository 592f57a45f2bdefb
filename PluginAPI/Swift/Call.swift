internal import CPraximous
public import PraximousJSON

/// The request being served.
public struct Call: Sendable {
    let handle: prax_call
    let host: PluginHost

    init(_ handle: prax_call, host: PluginHost) {
        self.handle = handle
        self.host = host
    }

    /// Whether the client left, the operator cancelled, or the deadline passed.
    public var isCancelled: Bool { host.calls.is_cancelled.map { $0(handle) != 0 } ?? false }

    /// Ends the work when the call is cancelled.
    public func checkCancelled() throws {
        if isCancelled { throw SkillFailure.cancelled }
    }

    /// When the host will answer for the plugin, in nanoseconds of the monotonic clock; nil when there is no deadline.
    public var deadlineNanoseconds: UInt64? {
        guard let deadline = host.calls.deadline_ns?(handle), deadline > 0, deadline < .max else { return nil }
        return deadline
    }

    /// What the host says about the request: its id, trace parent, tenant, caller, locale.
    public var context: JSON {
        guard let context = host.calls.context?(handle) else { return .null }
        return (try? JSON.parse(context.bytes)) ?? .null
    }

    /// Streams one event to the client; waits while the client is slower than the plugin.
    ///
    /// - Parameters:
    ///   - kind: `delta`, `tool_call`, `usage`, `progress`, `data` or an `x-` name.
    ///   - event: The event's value.
    /// - Throws: `SkillFailure`, of status `cancelled` when the work shall stop.
    public func emit(_ kind: String, _ event: JSON) throws {
        guard let emit = host.calls.emit else {
            throw SkillFailure("This host cannot stream events.", status: .unsupported, code: "no_events")
        }
        let status = withBorrowed(kind) { kind in withBorrowed(event.encoded()) { emit(handle, kind, $0) } }
        if status == PRAX_E_CANCELLED { throw SkillFailure.cancelled }
        guard status < 0 else { return }
        throw SkillFailure(
            "The host refused an event of kind \(kind) with status \(status).",
            status: .init(abi: status),
            code: "event_refused"
        )
    }

    /// Writes a line to the host's log under this request's id.
    public func log(_ level: LogLevel, _ message: @autoclosure () -> String, _ fields: [(String, String)] = []) {
        host.log(level, message, fields, call: handle)
    }
}

extension Call {
    /// Ends the call with a result.
    ///
    /// Negative when the host did not take it.
    func finish(_ result: JSON) -> prax_status { finish(result.encoded()) }

    /// Ends the call with the bytes of one JSON value.
    func finish(_ result: [UInt8]) -> prax_status {
        guard let finish = host.calls.finish else { return prax_status(PRAX_E_UNAVAILABLE) }
        return withBorrowed(result) { finish(handle, $0) }
    }

    /// Ends the call with an error.
    ///
    /// Negative when the host could not take it; it then knows the kind alone.
    func fail(_ failure: SkillFailure) -> prax_status {
        guard let fail = host.calls.fail else { return failure.status.abi }
        let retry = failure.retryAfterMilliseconds
        return withBorrowed(failure.code) { code in
            withBorrowed(failure.message) { message in
                guard let details = failure.details else {
                    return fail(handle, failure.status.abi, code, message, .absent, retry)
                }
                return withBorrowed(details.encoded()) { fail(handle, failure.status.abi, code, message, $0, retry) }
            }
        }
    }
}
