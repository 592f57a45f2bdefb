import Glibc

/// Whether a connection to an address can be made; nothing is sent.
///
/// Blocks.
struct AddressProbe {
    enum Outcome {
        case reached
        case unknownHost
        case unreachable(String)
    }

    let host: String
    let port: Int

    func run(within limit: Duration) -> Outcome {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        // A URL has brackets around an address of IPv6.
        let name = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        guard getaddrinfo(name, String(port), &hints, &list) == 0, let list else { return .unknownHost }
        defer { freeaddrinfo(list) }
        var problem = Int32(ENETUNREACH)
        var next: UnsafeMutablePointer<addrinfo>? = list
        while let address = next?.pointee {
            problem = connect(to: address, within: limit)
            if problem == 0 { return .reached }
            next = address.ai_next
        }
        return .unreachable(String(cString: strerror(problem)))
    }

    /// Returns 0, or the number of the error.
    private func connect(to address: addrinfo, within limit: Duration) -> Int32 {
        let flags = address.ai_socktype | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.ai_family, flags, 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        if Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return 0 }
        guard errno == EINPROGRESS else { return errno }
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&wait, 1, Int32(clamping: limit.components.seconds * 1000)) > 0 else { return ETIMEDOUT }
        var problem: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &problem, &size)
        return problem
    }
}
