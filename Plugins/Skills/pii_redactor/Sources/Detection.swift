/// Asks all detectors about a text, again and again until they find nothing more.
///
/// A match that was blocked by its neighbour (a number right behind an address) may stand free once that neighbour is
/// gone; without the further looks a second redaction would find what the first one left.
struct Detection {
    let kinds: Set<PIIKind>
    let patterns: [CustomPattern]
    let isCancelled: () -> Bool

    private static let maxLooks = 8
    private static let vouched: Set<PIIKind> = [.iban, .creditCard, .nationalID]
    private static let cancellationInterval = 4_096

    /// Matches in the order of the text, apart from one another; nil when the call was cancelled.
    func matches(in original: FoldedText) -> [Candidate]? {
        var text = original
        guard var candidates = custom(in: text) else { return nil }
        var all: [Candidate] = []
        for _ in 0..<Self.maxLooks {
            guard let found = builtIn(in: text) else { return nil }
            let matches = Overlaps.resolved(candidates + found, kinds: kinds)
            guard !matches.isEmpty else { break }
            for match in matches { text.blank(match.range) }
            all += matches
            candidates = []
        }
        return all.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    private func custom(in text: FoldedText) -> [Candidate]? {
        var candidates: [Candidate] = []
        for pattern in patterns {
            let matcher = PatternMatcher(program: pattern.program, text: text)
            guard let found = matcher.matches(isCancelled: isCancelled) else { return nil }
            candidates += found.map { Candidate(kind: .custom, range: $0, name: pattern.name) }
        }
        return candidates
    }

    private func builtIn(in text: FoldedText) -> [Candidate]? {
        let scanners = Scanners(text)
        var candidates: [Candidate] = []
        var next = Array(repeating: 0, count: PIIKind.allCases.count)
        // The end of the last match that check digits vouch for; a telephone number does not start within it.
        var vouchedEnd = 0
        for position in 0..<text.count {
            if position.isMultiple(of: Self.cancellationInterval), isCancelled() { return nil }
            let found = scanners.matches(at: position, withPhones: position >= vouchedEnd)
            for (kind, range) in found where position >= next[kind.rank] {
                if Self.vouched.contains(kind) { vouchedEnd = max(vouchedEnd, range.upperBound) }
                candidates.append(Candidate(kind: kind, range: withMarks(range, text)))
                next[kind.rank] = range.upperBound
            }
        }
        return candidates
    }

    /// Marks behind the last letter belong to it.
    private func withMarks(_ range: Range<Int>, _ text: FoldedText) -> Range<Int> {
        var end = range.upperBound
        while text.scalarClass(end) == .mark { end += 1 }
        return range.lowerBound..<end
    }
}

/// The detectors, each asked only where one of its matches can start.
private struct Scanners {
    let text: FoldedText
    let email: EmailScanner
    let address: IPScanner
    let phone: PhoneScanner
    let card: CardScanner
    let iban: IBANScanner
    let nationalID: NationalIDScanner

    init(_ text: FoldedText) {
        let context = ContextMap(text)
        self.text = text
        email = EmailScanner(text: text)
        address = IPScanner(text: text, context: context)
        phone = PhoneScanner(text: text, context: context)
        card = CardScanner(text: text)
        iban = IBANScanner(text: text, context: context)
        nationalID = NationalIDScanner(text: text, context: context)
    }

    func matches(at position: Int, withPhones: Bool) -> [(PIIKind, Range<Int>)] {
        var found: [(PIIKind, Range<Int>)] = []
        func add(_ kind: PIIKind, _ range: Range<Int>?) {
            if let range { found.append((kind, range)) }
        }
        switch text.scalarClass(position) {
        case .digit:
            if startsAddress(position) { add(.ipAddress, address.matchV6(at: position)) }
            guard !text.isDigit(position - 1) else { break }
            add(.ipAddress, address.matchV4(at: position))
            if withPhones { add(.phone, phone.match(at: position)) }
            add(.creditCard, card.match(at: position))
            add(.nationalID, nationalID.match(at: position))
        case .letter:
            if startsAddress(position) { add(.ipAddress, address.matchV6(at: position)) }
            add(.iban, iban.match(at: position))
            if !text.isWord(position - 1) { add(.nationalID, nationalID.match(at: position)) }
        case .other:
            switch text.scalar(position) {
            case 0x40: add(.email, email.match(at: position))
            case 0x28, 0x2B: if withPhones { add(.phone, phone.match(at: position)) }
            case 0x3A: if startsAddress(position) { add(.ipAddress, address.matchV6(at: position)) }
            default: break
            }
        case .foreignLetter, .denseLetter, .mark: break
        }
        return found
    }

    /// Whether a run of the characters of IPv6 addresses starts here.
    private func startsAddress(_ position: Int) -> Bool {
        IPAddress.isPart(text.uppercased(position)) && !IPAddress.isPart(text.uppercased(position - 1))
    }
}
