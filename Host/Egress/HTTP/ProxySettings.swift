import Glibc

/// The proxies that lead outside, as the usual variables state them.
package struct ProxySettings: Sendable, Hashable {
    package static let none = ProxySettings(environment: [:])

    private let forHTTP: String?
    private let forHTTPS: String?
    private let exceptions: [String]

    /// Reads `http_proxy` (lower case alone: a CGI server sets the other from a header), `https_proxy`, `all_proxy`
    /// and `no_proxy`.
    package init(environment: [String: String]) {
        func value(_ names: String...) -> String? {
            names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        let all = value("all_proxy", "ALL_PROXY")
        forHTTP = value("http_proxy") ?? all
        forHTTPS = value("https_proxy", "HTTPS_PROXY") ?? all
        exceptions = (value("no_proxy", "NO_PROXY") ?? "").lowercased()
            .split { $0 == "," || $0 == " " }.map(String.init)
    }

    /// The proxy for an address; nil where the client connects by itself.
    func proxy(for address: WebAddress) -> String? {
        guard let proxy = address.scheme == "https" ? forHTTPS : forHTTP else { return nil }
        return exceptions.contains { Self.matches($0, address.plainHost) } ? nil : proxy
    }

    /// `*`, a name with everything below it, an address, or a network such as 10.0.0.0/8.
    private static func matches(_ exception: String, _ host: String) -> Bool {
        if exception == "*" { return true }
        let host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        if let bytes = bytes(ofAddress: host) {
            let parts = exception.split(separator: "/", maxSplits: 1)
            guard let first = parts.first, let network = Self.bytes(ofAddress: String(first)),
                network.count == bytes.count
            else { return false }
            let bits = parts.count == 2 ? Int(parts[1]) ?? .max : bytes.count * 8
            return agree(bytes, network, onBits: bits)
        }
        let name = exception.hasPrefix(".") ? String(exception.dropFirst()) : exception
        return !name.isEmpty && (host == name || host.hasSuffix("." + name))
    }

    private static func bytes(ofAddress text: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: four) { Array($0) } }
        var six = in6_addr()
        return inet_pton(AF_INET6, text, &six) == 1 ? withUnsafeBytes(of: six) { Array($0) } : nil
    }

    private static func agree(_ one: [UInt8], _ other: [UInt8], onBits bits: Int) -> Bool {
        guard 0...(one.count * 8) ~= bits else { return false }
        return (0..<bits).allSatisfy { bit in (one[bit / 8] ^ other[bit / 8]) & 0x80 >> UInt8(bit % 8) == 0 }
    }
}
