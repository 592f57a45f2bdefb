package import Core
package import Egress
package import PluginRuntime

/// The HTTP exchanges of one plugin, held to the hosts and methods that it was granted.
package struct PluginHTTP: Sendable {
    private let client: HTTPClient
    private let policy: HTTPPolicy

    /// Nil when no permission to use HTTP was granted: the plugin has no such table then.
    ///
    /// `operatorHosts` are hosts that the operator allows beside those of the manifest, in the same form and with the
    /// same methods. `allowsPrivateAddresses` is the operator's word that all of them may lie on this machine or a
    /// private network.
    package init?(
        client: HTTPClient,
        plugin: String,
        permissions: [Permission],
        operatorHosts: [String] = [],
        allowsPrivateAddresses: Bool = false,
        maxExchanges: Int = 1024,
        limits: HTTPLimits = HTTPLimits()
    ) {
        var granted: HTTPPolicy?
        for case .networkHTTP(let hosts, let methods) in permissions {
            let patterns = (hosts + operatorHosts).map(HostPattern.init)
            granted = HTTPPolicy(
                owner: plugin,
                hosts: patterns,
                methods: Set(methods),
                privateHosts: allowsPrivateAddresses ? patterns : [],
                maxTransfers: maxExchanges,
                limits: limits
            )
        }
        guard let granted else { return nil }
        self.client = client
        policy = granted
    }

    /// `deadline` is the call's, in nanoseconds of CLOCK_MONOTONIC; the exchange ends by then at the latest.
    ///
    /// `limits` are those of the call, and `trace` its place in a trace, which the other side is told unless the plugin
    /// has told it another.
    package func start(
        _ request: HTTPExchangeRequest,
        deadline: UInt64,
        limits: ExchangeLimits? = nil,
        trace: TraceContext? = nil,
        events: any HTTPExchangeEvents
    ) throws(ServiceError) -> any RunningExchange {
        var policy = policy
        try request.narrow(&policy.limits, remainingNanoseconds: deadline.subtractingOrZero(MonotonicClock.now()))
        if let limits { policy.limits.narrow(to: limits) }
        do throws(HTTPError) {
            let plain = try HTTPRequest(
                method: request.method,
                url: request.url,
                fields: request.fields(within: trace),
                body: request.body
            )
            let transfer = try client.start(plain, policy: policy, handler: ExchangeHandler(events))
            return PluginExchange(transfer)
        } catch {
            throw ServiceError(error)
        }
    }
}

extension HTTPExchangeRequest {
    fileprivate func fields(within trace: TraceContext?) -> [HTTPField] {
        var fields = headers.map { HTTPField(name: $0.name, value: $0.value) }
        guard let trace, !fields.contains(where: { $0.name.lowercased() == "traceparent" }) else { return fields }
        fields.append(HTTPField(name: "traceparent", value: trace.parent))
        if let state = trace.state, !fields.contains(where: { $0.name.lowercased() == "tracestate" }) {
            fields.append(HTTPField(name: "tracestate", value: state))
        }
        return fields
    }

    /// The plugin's own limits in place of the host's; none lasts longer than the call.
    fileprivate func narrow(_ limits: inout HTTPLimits, remainingNanoseconds: UInt64) throws(ServiceError) {
        guard remainingNanoseconds > 0 else { throw .deadline }
        let remaining = Int(clamping: remainingNanoseconds / 1_000_000 + 1)
        limits.totalMilliseconds = timeoutMilliseconds > 0 ? min(Int(timeoutMilliseconds), remaining) : remaining
        if firstByteMilliseconds > 0 { limits.firstByteMilliseconds = Int(firstByteMilliseconds) }
        if idleMilliseconds > 0 { limits.idleMilliseconds = Int(idleMilliseconds) }
    }
}

extension HTTPLimits {
    fileprivate mutating func narrow(to limits: ExchangeLimits) {
        connectMilliseconds = min(connectMilliseconds, limits.connectMilliseconds ?? .max)
        firstByteMilliseconds = min(firstByteMilliseconds, limits.firstByteMilliseconds ?? .max)
        idleMilliseconds = min(idleMilliseconds, limits.idleMilliseconds ?? .max)
    }
}

extension UInt64 {
    fileprivate func subtractingOrZero(_ other: UInt64) -> UInt64 { self > other ? self - other : 0 }
}
