/// What one owner may do through the client.
package struct HTTPPolicy: Sendable {
    /// Whose transfers are counted together, such as a plugin's name.
    package var owner: String
    package var hosts: [HostPattern]
    /// Upper case.
    package var methods: Set<String>
    /// The hosts that may lie on this machine or a private network, as the operator allows it.
    ///
    /// Link-local and reserved addresses stay refused: the first is where clouds keep their keys.
    package var privateHosts: [HostPattern]
    /// At one time.
    package var maxTransfers: Int
    /// 0 hands a redirect out as it comes; otherwise each target is judged like a first address.
    package var maxRedirects: Int
    package var limits: HTTPLimits

    package init(
        owner: String,
        hosts: [HostPattern],
        methods: Set<String>,
        privateHosts: [HostPattern] = [],
        maxTransfers: Int = 1024,
        maxRedirects: Int = 0,
        limits: HTTPLimits = HTTPLimits()
    ) {
        self.owner = owner
        self.hosts = hosts
        self.methods = methods
        self.privateHosts = privateHosts
        self.maxTransfers = maxTransfers
        self.maxRedirects = maxRedirects
        self.limits = limits
    }
}

extension HTTPPolicy {
    /// Judges what can be judged before the name is resolved.
    func check(_ request: HTTPRequest) throws(HTTPError) {
        guard methods.contains(request.method) else {
            throw .refused(reason: "the method \(request.method) is not among those permitted")
        }
        guard hosts.contains(where: { $0.matches(request.address) }) else {
            throw .refused(reason: "the host \(request.address.host) is not among those permitted")
        }
    }

    func mayConnect(to scope: AddressScope?, for address: WebAddress) -> Bool {
        switch scope {
        case .publicInternet: true
        case .privateNetwork, .loopback: privateHosts.contains { $0.matches(address) }
        case .linkLocal, .reserved, nil: false
        }
    }
}

/// How long one transfer may take and how much may come of it; the times count from its start but for `idle`.
package struct HTTPLimits: Sendable, Hashable {
    package var connectMilliseconds: Int
    /// Until the response's head.
    package var firstByteMilliseconds: Int
    /// Between two pieces of the body, while it is not paused.
    package var idleMilliseconds: Int
    package var totalMilliseconds: Int
    /// Of everything that comes before and after the body, interim responses and trailers included.
    package var maxHeadBytes: Int
    package var maxBodyBytes: Int
    /// In place of `maxBodyBytes` where the client decodes the body: a few bytes can become many.
    package var maxDecodedBytes: Int

    package init(
        connectMilliseconds: Int = 10_000,
        firstByteMilliseconds: Int = 120_000,
        idleMilliseconds: Int = 60_000,
        totalMilliseconds: Int = 900_000,
        maxHeadBytes: Int = 64 << 10,
        maxBodyBytes: Int = 1 << 30,
        maxDecodedBytes: Int = 64 << 20
    ) {
        self.connectMilliseconds = connectMilliseconds
        self.firstByteMilliseconds = firstByteMilliseconds
        self.idleMilliseconds = idleMilliseconds
        self.totalMilliseconds = totalMilliseconds
        self.maxHeadBytes = maxHeadBytes
        self.maxBodyBytes = maxBodyBytes
        self.maxDecodedBytes = maxDecodedBytes
    }
}
