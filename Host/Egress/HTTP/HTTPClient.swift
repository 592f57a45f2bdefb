import Synchronization

/// An HTTP client for many long answers at once: thousands of open streams on one or two threads.
///
/// Every transfer is judged by its policy, by name before it starts and by address when it connects. TLS certificates
/// are always verified; HTTP/2 is used where the server offers it, with a connection for each transfer, so that a
/// reader who pauses holds nobody else up.
package final class HTTPClient: Sendable {
    /// How this machine reaches the outside and how much of it the client may take.
    package struct Settings: Sendable {
        package var proxies: ProxySettings
        /// A PEM bundle of trusted authorities in place of the system's.
        package var authorityFile: String?
        /// At one time, of all owners together; each has a socket.
        package var maxTransfers: Int
        package var threads: Int
        package var maxIdleConnections: Int

        package init(
            proxies: ProxySettings = .none,
            authorityFile: String? = nil,
            maxTransfers: Int = 8192,
            threads: Int = 2,
            maxIdleConnections: Int = 128
        ) {
            self.proxies = proxies
            self.authorityFile = authorityFile
            self.maxTransfers = maxTransfers
            self.threads = threads
            self.maxIdleConnections = maxIdleConnections
        }
    }

    private let loops: [TransferLoop]
    private let counts: TransferCounts
    private let lastID = Atomic<UInt64>(0)

    /// Starts the threads; they end with ``shutdown()``, or after the last reference to the client.
    package init(_ settings: Settings = Settings()) throws(HTTPError) {
        let counts = TransferCounts(maxTransfers: settings.maxTransfers)
        let threads = max(1, settings.threads)
        let pump = PumpSettings(
            authorityFile: settings.authorityFile,
            proxies: settings.proxies,
            counts: counts,
            maxIdleConnections: max(1, settings.maxIdleConnections / threads)
        )
        self.counts = counts
        var loops: [TransferLoop] = []
        do throws(HTTPError) {
            for _ in 0..<threads { loops.append(try TransferLoop(pump)) }
        } catch {
            Self.abandon(loops)
            throw error
        }
        self.loops = loops
    }

    deinit { Self.abandon(loops) }

    /// How many transfers have not ended yet.
    package var openTransfers: Int { counts.open }

    /// Starts a transfer, or throws what can be said at once; then no event will come.
    package func start(
        _ request: HTTPRequest,
        policy: HTTPPolicy,
        handler: any HTTPHandler
    ) throws(HTTPError) -> HTTPTransfer {
        try policy.check(request)
        try counts.enter(policy)
        let loop = loop(for: request.address)
        let id = lastID.add(1, ordering: .relaxed).newValue
        let transfer = HTTPTransfer(id: id, loop: loop)
        let opening = Opening(transfer: transfer, request: request, policy: policy, handler: handler)
        guard loop.open(opening) else {
            counts.leave(policy.owner)
            throw .closed
        }
        return transfer
    }

    /// Ends every transfer with ``HTTPError/closed`` and waits until the handlers have heard of it.
    package func shutdown() async {
        let loops = loops
        for loop in loops { loop.stop() }
        do {
            try await DedicatedThread.run { for loop in loops { loop.join() } }
        } catch {
            // No thread to wait on: the loops end by themselves.
            for loop in loops { loop.detach() }
        }
    }

    /// One host, one loop: connections are used again.
    private func loop(for address: WebAddress) -> TransferLoop {
        var hasher = Hasher()
        hasher.combine(address.plainHost)
        hasher.combine(address.port)
        return loops[Int(UInt(bitPattern: hasher.finalize()) % UInt(loops.count))]
    }

    private static func abandon(_ loops: [TransferLoop]) {
        for loop in loops {
            loop.stop()
            loop.detach()
        }
    }
}
