import Glibc

/// How near an address is.
///
/// A redirect may not lead from the outside to the inside.
package enum AddressScope: Sendable, Hashable {
    case publicInternet, privateNetwork, loopback
    /// Where clouds serve their metadata.
    case linkLocal
    /// Multicast, broadcast and what is set aside: nobody's server lives there.
    case reserved

    /// Whether a server at an address of this scope may send the client to one of `target`.
    package func mayRedirect(to target: AddressScope) -> Bool {
        switch target {
        case .publicInternet: true
        case .privateNetwork: self == .privateNetwork || self == .loopback
        case .loopback: self == .loopback
        case .linkLocal: self == .linkLocal
        case .reserved: false
        }
    }
}

extension AddressScope {
    /// The scope that a host name shows by itself: a literal address or `localhost`; nil for a name that must be resolved.
    package init?(host: String) {
        var name = host.lowercased()
        // The dot of the root: libcurl takes it off before it looks the rest up.
        while name.hasSuffix(".") { name.removeLast() }
        if name == "localhost" || name.hasSuffix(".localhost") {
            self = .loopback
            return
        }
        var four = in_addr()
        if inet_aton(name, &four) == 1 {
            self.init(four: UInt32(bigEndian: four.s_addr))
            return
        }
        let bare = name.hasPrefix("[") ? String(name.dropFirst().dropLast()) : name
        var six = in6_addr()
        let address = bare.prefix { $0 != "%" }
        guard inet_pton(AF_INET6, String(address), &six) == 1 else { return nil }
        self.init(six: withUnsafeBytes(of: six) { Array($0) })
    }

    /// The scope of a resolved address; nil for families without one.
    init?(_ address: UnsafePointer<sockaddr>, length: Int) {
        let bytes = UnsafeRawBufferPointer(start: address, count: length)
        switch Int32(address.pointee.sa_family) {
        case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
            self.init(four: bytes[4..<8].reduce(0) { $0 << 8 | UInt32($1) })
        case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
            self.init(six: Array(bytes[8..<24]))
        default: return nil
        }
    }

    private init(four address: UInt32) {
        switch (address >> 24, address >> 16 & 0xff) {
        case (127, _), (0, _): self = .loopback
        case (169, 254): self = .linkLocal
        case (10, _), (172, 16...31), (192, 168), (100, 64...127), (198, 18...19): self = .privateNetwork
        case (224..., _): self = .reserved
        default: self = .publicInternet
        }
    }

    private init(six bytes: [UInt8]) {
        let tail = bytes.suffix(4).reduce(0) { $0 << 8 | UInt32($1) }
        let leadingZeros = bytes.prefix { $0 == 0 }.count
        // ::ffff:a.b.c.d, ::a.b.c.d, 64:ff9b::a.b.c.d and 2002:aabb:ccdd:: are IPv4 addresses in other clothes.
        let isMapped = leadingZeros == 10 && bytes[10] == 0xff && bytes[11] == 0xff
        let isTranslated = bytes.starts(with: [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0])
        if leadingZeros >= 15 {
            self = .loopback
        } else if isMapped || isTranslated || leadingZeros >= 12 {
            self.init(four: tail)
        } else if bytes[0] == 0x20 && bytes[1] == 0x02 {
            self.init(four: bytes[2..<6].reduce(0) { $0 << 8 | UInt32($1) })
        } else if bytes[0] == 0xff {
            self = .reserved
        } else if bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80 {
            self = .linkLocal
        } else if bytes[0] & 0xfe == 0xfc || bytes[0] == 0xfe || bytes.starts(with: [0, 0x64, 0xff, 0x9b, 0, 1]) {
            self = .privateNetwork
        } else {
            self = .publicInternet
        }
    }
}
