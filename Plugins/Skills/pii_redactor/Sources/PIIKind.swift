/// What kind of personal data a match is.
///
/// The order is that of confidence: of two matches of one length the kind that stands first wins.
enum PIIKind: String, CaseIterable, Sendable {
    case custom
    case email
    case iban
    case creditCard = "credit_card"
    case nationalID = "national_id"
    case ipAddress = "ip_address"
    case phone

    static let builtIn = allCases.filter { $0 != .custom }
    private static let ranks = Dictionary(uniqueKeysWithValues: allCases.enumerated().map { ($0.element, $0.offset) })

    var label: String { "[" + rawValue.uppercased() + "]" }

    var rank: Int { Self.ranks[self] ?? 0 }
}

/// A stretch of the folded text that a detector holds for personal data.
struct Candidate: Sendable, Equatable {
    var kind: PIIKind
    var range: Range<Int>
    /// The name of the pattern that matched, for `custom`.
    var name = ""

    /// Longer wins; then the more certain kind; then the name, so that the answer never depends on chance.
    func beats(_ other: Candidate) -> Bool {
        if range.count != other.range.count { return range.count > other.range.count }
        if kind != other.kind { return kind.rank < other.kind.rank }
        return name < other.name
    }
}
