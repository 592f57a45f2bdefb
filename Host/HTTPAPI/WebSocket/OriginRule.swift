import Foundation

/// Which pages may open a WebSocket: browsers send cookies and reach private addresses for any page, and say in `Origin`
/// whose it was (RFC 6454, RFC 6455 10.2).
///
/// Clients that are no browsers send none.
package struct OriginRule: Sendable {
    private let allowed: Set<String>

    /// `allowed` is what the operator wrote: `https://ui.example.com`, with the port unless it is the scheme's own.
    init(allowed: [String]) { self.allowed = Set(allowed.map { $0.lowercased() }) }

    /// A page of this host itself may as well, when it was asked for by address or as localhost: a name could be
    /// anybody's who lets it resolve to this machine (DNS rebinding), so names must be listed.
    func allows(origin: String?, host: String?) -> Bool {
        guard let origin = origin?.lowercased() else { return true }
        if allowed.contains(origin) { return true }
        guard let host = host?.lowercased(), Self.isAddress(host) else { return false }
        return origin == "http://" + host || origin == "https://" + host
    }

    /// Whether a text is an origin as browsers write it: `scheme://host`, with the port unless it is the scheme's own.
    package static func isOrigin(_ text: String) -> Bool {
        guard let components = URLComponents(string: text), let scheme = components.scheme, let host = components.host
        else { return false }
        let port = components.port.map { ":\($0)" } ?? ""
        return !host.isEmpty && text == "\(scheme)://\(host)\(port)"
    }

    /// `127.0.0.1:8000`, `[::1]:8000`, `localhost:8000`; the port may be missing.
    private static func isAddress(_ host: String) -> Bool {
        var name = host
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") { name = String(host[..<colon]) }
        if name == "localhost" { return true }
        if name.hasPrefix("["), name.hasSuffix("]") { return isLiteral(String(name.dropFirst().dropLast()), AF_INET6) }
        return isLiteral(name, AF_INET)
    }

    private static func isLiteral(_ text: String, _ family: Int32) -> Bool {
        var address = in6_addr()
        return inet_pton(family, text, &address) == 1
    }
}
