/// A version by SemVer 2.0: `1.2.3`, `1.2.3-rc.1`, `1.2.3+build.5`.
package struct SemanticVersion: Sendable, Hashable, CustomStringConvertible {
    package static let maxLength = 128

    /// One dot-separated part of what follows the hyphen; numbers are less than words.
    enum Identifier: Hashable, Sendable {
        case number(UInt64)
        case word(String)
    }

    package let major: UInt64
    package let minor: UInt64
    package let patch: UInt64
    let identifiers: [Identifier]
    /// What follows the plus sign; it says nothing about precedence.
    package let build: String?

    package init(_ major: UInt64, _ minor: UInt64, _ patch: UInt64) {
        self.init(major: major, minor: minor, patch: patch, identifiers: [], build: nil)
    }

    init(major: UInt64, minor: UInt64, patch: UInt64, identifiers: [Identifier], build: String?) {
        self.major = major
        self.minor = minor
        self.patch = patch
        self.identifiers = identifiers
        self.build = build
    }

    /// Whether this is a version before the release of the same numbers.
    package var isPrerelease: Bool { !identifiers.isEmpty }

    /// What stands between the hyphen and the plus sign.
    package var prerelease: String? {
        guard isPrerelease else { return nil }
        return identifiers.map(\.text).joined(separator: ".")
    }

    package var description: String {
        var text = "\(major).\(minor).\(patch)"
        if let prerelease { text += "-" + prerelease }
        if let build { text += "+" + build }
        return text
    }
}

extension SemanticVersion: Comparable {
    /// Precedence by SemVer 2.0 section 11.
    ///
    /// Versions that differ in build metadata alone are ordered by its text, so that `<` and `==` agree;
    /// ``hasSamePrecedence(as:)`` leaves it out.
    package static func < (left: SemanticVersion, right: SemanticVersion) -> Bool {
        if left.hasLowerPrecedence(than: right) { return true }
        return left.hasSamePrecedence(as: right) && (left.build ?? "") < (right.build ?? "")
    }

    package func hasSamePrecedence(as other: SemanticVersion) -> Bool {
        (major, minor, patch) == (other.major, other.minor, other.patch) && identifiers == other.identifiers
    }

    package func hasLowerPrecedence(than other: SemanticVersion) -> Bool {
        let (mine, theirs) = ((major, minor, patch), (other.major, other.minor, other.patch))
        if mine != theirs { return mine < theirs }
        if identifiers.isEmpty || other.identifiers.isEmpty { return isPrerelease && !other.isPrerelease }
        return identifiers.lexicographicallyPrecedes(other.identifiers)
    }
}

extension SemanticVersion.Identifier: Comparable {
    var text: String {
        switch self {
        case .number(let value): String(value)
        case .word(let word): word
        }
    }

    static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.number(let mine), .number(let theirs)): mine < theirs
        case (.number, .word): true
        case (.word, .number): false
        case (.word(let mine), .word(let theirs)): mine.utf8.lexicographicallyPrecedes(theirs.utf8)
        }
    }
}
