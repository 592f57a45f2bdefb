import Glibc

/// A socket's kind in words, as `AF_INET stream`.
enum SocketName {
    static func of(_ family: UInt64, _ type: UInt64) -> String {
        let family = Int32(truncatingIfNeeded: family)
        let name = families[family] ?? "address family \(family)"
        // Above the type there are flags: SOCK_CLOEXEC, SOCK_NONBLOCK.
        let type = Int32(truncatingIfNeeded: type) & 0xF
        return types[type].map { "\(name) \($0)" } ?? name
    }

    private static let families: [Int32: String] = [
        AF_UNIX: "AF_UNIX", AF_INET: "AF_INET", AF_INET6: "AF_INET6", AF_NETLINK: "AF_NETLINK", AF_PACKET: "AF_PACKET",
        38: "AF_ALG", 40: "AF_VSOCK", 44: "AF_XDP", 31: "AF_BLUETOOTH",
    ]
    private static let types: [Int32: String] = [1: "stream", 2: "datagram", 3: "raw", 5: "sequenced"]
}
