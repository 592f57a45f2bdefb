/// The grammar of IP addresses, over ASCII bytes in upper case.
enum IPAddress {
    /// Eight groups of four, the last two in decimal.
    static let maxLength = 45

    static func isHex(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) }

    static func isPart(_ byte: UInt8) -> Bool { isHex(byte) || byte == 0x2E || byte == 0x3A }

    /// Four numbers up to 255.
    static func isV4(_ bytes: ArraySlice<UInt8>) -> Bool {
        let parts = bytes.split(separator: 0x2E, omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy(isOctet)
    }

    private static func isOctet(_ part: ArraySlice<UInt8>) -> Bool {
        guard (1...3).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        return part.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 255
    }

    /// Eight groups of hexadecimal digits; one run of zeros may be "::", the last two may be an IPv4 address.
    static func isV6(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.count <= maxLength else { return false }
        let parts = bytes.split(separator: 0x3A, omittingEmptySubsequences: false)
        guard parts.count >= 3, parts.count <= 9 else { return false }
        var groups = 0
        var gaps = 0
        for (index, part) in parts.enumerated() {
            if part.isEmpty {
                let isEdge = index == 0 || index == parts.count - 1
                // An empty part at an edge is right only beside another one, of "::".
                if isEdge {
                    guard parts[index == 0 ? 1 : index - 1].isEmpty else { return false }
                } else {
                    gaps += 1
                }
            } else if index == parts.count - 1, part.contains(0x2E) {
                guard isV4(part) else { return false }
                groups += 2
            } else {
                guard part.count <= 4, part.allSatisfy(isHex) else { return false }
                groups += 1
            }
        }
        return gaps == 0 ? groups == 8 : gaps == 1 && groups <= 7
    }
}
