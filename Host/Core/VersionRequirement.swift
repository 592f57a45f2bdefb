/// Which versions of a dependency will do: `^1.4`, `~1.2`, `>=1.0 <2.0`, `=1.2.3`, `1.2.3` (exactly that) or `*`.
package struct VersionRequirement: Sendable, Hashable, CustomStringConvertible {
    enum Comparison: String, Sendable {
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case less = "<"
        case greater = ">"
        case equal = "="
    }

    struct Bound: Sendable, Hashable {
        let comparison: Comparison
        let version: SemanticVersion
    }

    /// All of them must hold; none means any version.
    let bounds: [Bound]
    /// The text it was read from.
    package let description: String

    package static let any = VersionRequirement(bounds: [], description: "*")

    /// A version before a release counts only when the requirement itself names one of the same numbers: `^1.4` must
    /// not pull in 2.0.0-alpha, which precedes 2.0.0.
    package func isSatisfied(by version: SemanticVersion) -> Bool {
        if version.isPrerelease, !bounds.contains(where: { $0.namesPrerelease(of: version) }) { return false }
        return bounds.allSatisfy { $0.isSatisfied(by: version) }
    }
}

extension VersionRequirement.Bound {
    func isSatisfied(by candidate: SemanticVersion) -> Bool {
        switch comparison {
        case .less: candidate.hasLowerPrecedence(than: version)
        case .lessOrEqual: !version.hasLowerPrecedence(than: candidate)
        case .greater: version.hasLowerPrecedence(than: candidate)
        case .greaterOrEqual: !candidate.hasLowerPrecedence(than: version)
        case .equal: candidate.hasSamePrecedence(as: version)
        }
    }

    func namesPrerelease(of candidate: SemanticVersion) -> Bool {
        version.isPrerelease
            && (version.major, version.minor, version.patch) == (candidate.major, candidate.minor, candidate.patch)
    }
}

extension VersionRequirement {
    private static let maxBounds = 16

    /// The requirement that `text` spells.
    ///
    /// Throws ``SemanticVersionError`` with a sentence.
    package static func parse(_ text: String) throws(SemanticVersionError) -> VersionRequirement {
        let terms = text.split { $0 == " " || $0 == "," }
        guard !terms.isEmpty, terms.count <= maxBounds, text.utf8.count <= 1024 else { throw unreadable(text) }
        if terms == ["*"] { return .any }
        var bounds: [Bound] = []
        for term in terms { bounds += try parseTerm(term, of: text) }
        return VersionRequirement(bounds: bounds, description: text)
    }

    private static func unreadable(_ text: String) -> SemanticVersionError {
        SemanticVersionError(
            text,
            "expected a requirement on versions",
            hint: "examples are ^1.4, ~1.2, \">=1.0 <2.0\", =1.2.3 and *"
        )
    }

    private static func parseTerm(_ term: Substring, of text: String) throws(SemanticVersionError) -> [Bound] {
        if term.first == "^" || term.first == "~" {
            let (version, given) = try parsePartial(term.dropFirst(), of: text)
            let end = term.first == "^" ? caretEnd(version, given) : tildeEnd(version, given)
            return [Bound(comparison: .greaterOrEqual, version: version), Bound(comparison: .less, version: end)]
        }
        for comparison in [Comparison.lessOrEqual, .greaterOrEqual, .less, .greater] {
            guard term.hasPrefix(comparison.rawValue) else { continue }
            let (version, _) = try parsePartial(term.dropFirst(comparison.rawValue.count), of: text)
            return [Bound(comparison: comparison, version: version)]
        }
        let exact = term.first == "=" ? term.dropFirst() : term
        guard let version = try? SemanticVersion.parse(String(exact)) else { throw unreadable(text) }
        return [Bound(comparison: .equal, version: version)]
    }

    /// A version whose last numbers may be missing, and how many were given.
    private static func parsePartial(
        _ term: Substring,
        of text: String
    ) throws(SemanticVersionError) -> (SemanticVersion, given: Int) {
        let parts = term.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count < 3 else { return (try SemanticVersion.parse(String(term)), 3) }
        let numbers = parts.compactMap(SemanticVersion.parseNumber)
        guard numbers.count == parts.count, let major = numbers.first else {
            throw unreadable(text)
        }
        return (SemanticVersion(major, numbers.count > 1 ? numbers[1] : 0, 0), numbers.count)
    }

    /// The first version past what keeps the left-most number that is not zero.
    ///
    /// Numbers have at most 19 digits, so adding one cannot overflow.
    private static func caretEnd(_ version: SemanticVersion, _ given: Int) -> SemanticVersion {
        if version.major > 0 || given == 1 { return SemanticVersion(version.major + 1, 0, 0) }
        if version.minor > 0 || given == 2 { return SemanticVersion(0, version.minor + 1, 0) }
        return SemanticVersion(0, 0, version.patch + 1)
    }

    private static func tildeEnd(_ version: SemanticVersion, _ given: Int) -> SemanticVersion {
        given == 1 ? SemanticVersion(version.major + 1, 0, 0) : SemanticVersion(version.major, version.minor + 1, 0)
    }
}
