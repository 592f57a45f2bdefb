/// Hosts that may be asked: `*`, `api.acme.example` or `*.acme.example`, each with or without `:PORT`.
///
/// Without a port every port is meant. `*.acme.example` means the names below it and not the name itself.
package struct HostPattern: Sendable, Hashable {
    package static let any = HostPattern("*")

    private let name: String
    private let matchesBelow: Bool
    private let port: Int?

    package init(_ text: String) {
        let text = text.lowercased()
        let colon = text.last == "]" ? nil : text.lastIndex(of: ":")
        let host = colon.map { text[..<$0] } ?? text[...]
        // A port that cannot be read matches nothing.
        port = colon.map { Int(text[text.index(after: $0)...]) ?? -1 }
        matchesBelow = host.hasPrefix("*.")
        name = String(matchesBelow ? host.dropFirst(2) : host)
    }

    package func matches(_ address: WebAddress) -> Bool {
        if let port, port != address.port { return false }
        if name == "*" { return true }
        let host = address.plainHost
        return matchesBelow ? host.hasSuffix("." + name) && host.utf8.count > name.utf8.count + 1 : host == name
    }
}

extension WebAddress {
    /// The host in lower case, without the dot that a full name may end with.
    var plainHost: String {
        let host = host.lowercased()
        return host.hasSuffix(".") ? String(host.dropLast()) : host
    }
}
