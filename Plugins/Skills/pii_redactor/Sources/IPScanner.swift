/// IPv4 and IPv6 addresses that stand by themselves.
struct IPScanner {
    let text: FoldedText
    let context: ContextMap

    /// The address that starts at the first digit of a run of digits and dots.
    func matchV4(at position: Int) -> Range<Int>? {
        guard text.isDigit(position), !text.isWord(position - 1), !continuesNumber(position - 1) else { return nil }
        guard (position + 1...position + 3).contains(where: { text.is($0, ".") }) else { return nil }
        var end = position
        while end - position <= IPAddress.maxLength, text.isDigit(end) || (text.is(end, ".") && text.isDigit(end + 1)) {
            end += 1
        }
        let bytes = (position..<end).map(text.uppercased)
        guard IPAddress.isV4(bytes[...]), !text.isWord(end), !isFileName(end), !isPinned(position) else { return nil }
        return context[position].contains(.version) ? nil : position..<end
    }

    private func continuesNumber(_ index: Int) -> Bool { text.is(index, ".") && text.isWord(index - 1) }

    /// Whether it is the version of a package, as in `name@1.2.3.4`; hosts behind an at sign start with more digits.
    private func isPinned(_ start: Int) -> Bool {
        text.is(start - 1, "@") && text.isWord(start - 2) && text.is(start + 1, ".")
    }

    private static let suffixes: Set<String> = [
        "jar", "zip", "tar", "tgz", "whl", "deb", "rpm", "exe", "dll", "so", "msi", "dmg", "pkg", "apk", "iso", "war",
    ]

    /// Whether a file name's suffix follows: `lib-1.2.3.4.jar`.
    private func isFileName(_ end: Int) -> Bool {
        guard text.is(end, ".") else { return false }
        var suffix = ""
        var index = end + 1
        while index < end + 5, text.isLetter(index) {
            suffix.unicodeScalars.append(Unicode.Scalar(text.uppercased(index)))
            index += 1
        }
        return Self.suffixes.contains(suffix.lowercased())
    }

    /// The address within the run of hexadecimal digits, colons and dots that starts here.
    func matchV6(at position: Int) -> Range<Int>? {
        var start = position
        var end = position
        while end < text.count, IPAddress.isPart(text.uppercased(end)) { end += 1 }
        guard end - position >= 3, end - position <= 2 * IPAddress.maxLength, !text.isWord(end) else { return nil }
        if text.isWord(position - 1) {
            // The end of a word such as "src:" in front of the address.
            while start < end, !text.is(start, ":") { start += 1 }
            start += 1
        } else if text.is(start, ":"), !text.is(start + 1, ":") {
            start += 1
        }
        while end > start, text.is(end - 1, ".") || (text.is(end - 1, ":") && !text.is(end - 2, ":")) { end -= 1 }
        guard end - start >= 3 else { return nil }
        let bytes = (start..<end).map(text.uppercased)
        guard IPAddress.isV6(bytes[...]), isTelling(bytes) else { return nil }
        return start..<zoneEnd(from: end)
    }

    /// "a::b" is a name in C++, "1::2" a ratio or a slice; an address has digits and a long group or many, or long
    /// groups alone.
    private func isTelling(_ bytes: [UInt8]) -> Bool {
        let groups = bytes.split(separator: 0x3A)
        if bytes.contains(where: { (0x30...0x39).contains($0) }) {
            return groups.count >= 3 || bytes.starts(with: [0x3A, 0x3A]) || groups.contains { $0.count >= 3 }
        }
        return groups.count >= 2 && groups.allSatisfy { $0.count >= 3 }
    }

    private static let maxZoneLength = 32

    private func zoneEnd(from end: Int) -> Int {
        guard text.is(end, "%"), text.isWord(end + 1) else { return end }
        var index = end + 1
        while index - end <= Self.maxZoneLength, text.isWord(index) || (text.is(index, ".") && text.isWord(index + 1)) {
            index += 1
        }
        return index
    }
}
