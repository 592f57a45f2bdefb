/// Addresses of RFC 5321 and 6531, found from the at sign outwards.
///
/// Both ways the search ends at another at sign, so the whole text is read at most twice.
struct EmailScanner {
    let text: FoldedText

    func match(at position: Int) -> Range<Int>? {
        guard text.is(position, "@"), let end = domainEnd(from: position + 1) else { return nil }
        guard let start = localStart(before: position) else { return nil }
        return start..<end
    }

    // MARK: Before the at sign

    private func localStart(before at: Int) -> Int? {
        if text.is(at - 1, "\""), let open = quoteStart(before: at - 1) { return open }
        var start = at
        while start > 0, isLocal(start - 1), !crossesScripts(start, at) { start -= 1 }
        start = withoutPath(start..<at)
        while start < at, !isCore(start) { start += 1 }
        start = withoutKey(start..<at)
        return start < at ? start : nil
    }

    private static let maxQuotedLength = 64

    private func quoteStart(before close: Int) -> Int? {
        for index in stride(from: close - 1, through: max(0, close - Self.maxQuotedLength), by: -1) {
            if text.is(index, "\n") { return nil }
            if text.is(index, "\"") && !text.is(index - 1, "\\") { return index }
        }
        return nil
    }

    /// A letter, digit or mark of any script, or an `atext` character of RFC 5321, or a dot.
    private func isLocal(_ index: Int) -> Bool {
        guard text.scalarClass(index) == .other else { return true }
        switch text.scalar(index) {
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D...0x2F, 0x3D, 0x3F, 0x5E...0x60, 0x7B...0x7E: return true
        default: return false
        }
    }

    /// Where an address starts; punctuation in front of it belongs to the sentence.
    private func isCore(_ index: Int) -> Bool {
        (text.scalarClass(index) != .other && text.scalarClass(index) != .mark) || text.is(index, "_")
            || text.is(index, "+")
    }

    /// Whether a Latin address stands right behind text of a script without spaces, which is not a part of it.
    private func crossesScripts(_ start: Int, _ at: Int) -> Bool {
        text.scalarClass(start - 1) == .denseLetter && text.isLetter(start) && start + 1 < at && isLocal(start + 1)
            && text.scalarClass(start + 1) != .denseLetter
    }

    /// Cuts the path and query of a link off: `https://example.com/?to=` in front of an address.
    private func withoutPath(_ range: Range<Int>) -> Int {
        let isLink = range.contains { text.is($0, "?") || (text.is($0, "/") && text.is($0 + 1, "/")) }
        guard isLink else { return range.lowerBound }
        let cut = range.last { text.is($0, "/") || text.is($0, "?") || text.is($0, "&") || text.is($0, "=") }
        return cut.map { $0 + 1 } ?? range.lowerBound
    }

    private static let keys: Set<String> = [
        "email", "mail", "to", "from", "cc", "bcc", "user", "username", "login", "addr", "address", "contact",
        "recipient", "sender", "reply_to", "owner",
    ]

    /// Cuts off a `key=`; other equals signs are parts of addresses.
    private func withoutKey(_ range: Range<Int>) -> Int {
        let longest = 12
        guard let sign = range.prefix(longest).first(where: { text.is($0, "=") }) else { return range.lowerBound }
        var key = ""
        for index in range.lowerBound..<sign {
            key.unicodeScalars.append(Unicode.Scalar(text.uppercased(index)))
        }
        return Self.keys.contains(key.lowercased()) ? sign + 1 : range.lowerBound
    }

    // MARK: After the at sign

    private func domainEnd(from start: Int) -> Int? {
        if text.is(start, "[") { return literalEnd(from: start) }
        var labels: [Range<Int>] = []
        var index = start
        var isFirst = true
        while isFirst || text.is(index, ".") {
            let labelStart = isFirst ? start : index + 1
            isFirst = false
            var end = labelStart
            while end < text.count, isDomain(end) || (text.is(end, "-") && end > labelStart) { end += 1 }
            while end > labelStart, text.is(end - 1, "-") { end -= 1 }
            guard end > labelStart else { break }
            labels.append(labelStart..<end)
            if text.is(end, "-") { break }
            index = end
        }
        while labels.count >= 2, let last = labels.popLast() {
            if let end = topLevelEnd(last) { return end }
        }
        return nil
    }

    private func isDomain(_ index: Int) -> Bool { text.scalarClass(index) != .other }

    /// Where the top-level domain, letters or punycode, ends; what stands right behind in another script is cut off.
    private func topLevelEnd(_ label: Range<Int>) -> Int? {
        if label.count > 4, text.uppercased(label.lowerBound) == 0x58, text.uppercased(label.lowerBound + 1) == 0x4E,
            text.is(label.lowerBound + 2, "-"), text.is(label.lowerBound + 3, "-")
        {
            return label.upperBound
        }
        var end = label.lowerBound
        if text.isLetter(end) {
            while end < label.upperBound, text.isLetter(end) { end += 1 }
            let cutByScript = end < label.upperBound && [.foreignLetter, .denseLetter].contains(text.scalarClass(end))
            let withMark = end < label.upperBound && text.scalarClass(end) == .mark
            guard end == label.upperBound || cutByScript || withMark else { return nil }
            if isPictureSuffix(label.lowerBound..<end) { return nil }
            if withMark { end += 1 }
        } else {
            while end < label.upperBound, !text.isDigit(end), !text.isLetter(end), !text.is(end, "-") { end += 1 }
            guard end == label.upperBound else { return nil }
        }
        return end - label.lowerBound >= 2 ? end : nil
    }

    private static let pictureSuffixes = ["png", "jpg", "jpeg", "gif", "svg", "webp"].map {
        Array($0.uppercased().utf8)
    }

    /// The end of a file name such as `image@2x.png`; no top-level domain is called so.
    private func isPictureSuffix(_ label: Range<Int>) -> Bool {
        (3...4).contains(label.count) && Self.pictureSuffixes.contains(label.map(text.uppercased))
    }

    /// An address literal: `[192.0.2.1]` or `[IPv6:2001:db8::1]`.
    private func literalEnd(from open: Int) -> Int? {
        var start = open + 1
        if text.uppercased(start) == 0x49, text.uppercased(start + 1) == 0x50, text.uppercased(start + 2) == 0x56 {
            start += 5
        }
        var end = start
        while end < text.count, end - start < IPAddress.maxLength, IPAddress.isPart(text.uppercased(end)) { end += 1 }
        let bytes = (start..<end).map(text.uppercased)
        guard text.is(end, "]"), IPAddress.isV4(bytes[...]) || IPAddress.isV6(bytes[...]) else { return nil }
        return end + 1
    }
}
