import Core
import Testing

@Suite struct SemanticVersionTests {
    @Test(
        "a version reads back as it was written",
        arguments: ["0.0.0", "1.2.3", "1.0.0-rc.1", "1.0.0-x-y.7+build.01"]
    )
    func roundTrip(_ text: String) throws { #expect(try SemanticVersion.parse(text).description == text) }

    @Test("precedence is that of SemVer 2.0, section 11")
    func order() throws {
        let texts = [
            "0.9.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
            "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0",
        ]
        let versions = try texts.map(SemanticVersion.parse)
        #expect(versions.shuffled().sorted().map(\.description) == texts)
    }

    @Test("build metadata has no precedence")
    func build() throws {
        let (one, two) = (try SemanticVersion.parse("1.0.0+a"), try SemanticVersion.parse("1.0.0+b"))
        #expect(one.hasSamePrecedence(as: two))
        #expect(!one.hasLowerPrecedence(than: two))
        #expect(one != two)
    }

    @Test(
        "what is no version is refused, with a correction where there is one",
        arguments: [
            ("1.10", "write \"1.10.0\""), ("2", "write \"2.0.0\""), ("v1.2.3", "leave out the leading v: 1.2.3"),
            ("01.2.3", "leading zeros"), ("1.2.3-01", "leading zeros"), ("1.2.3-", "none of them empty"),
            ("1.2.3+", "after +"), ("1.2.3-a..b", "none of them empty"), ("", "three numbers"), ("1.2.x", "no number"),
            ("99999999999999999999.0.0", "no number"), ("1.2.3 ", "no number"), ("-1.2.3", "three numbers"),
        ]
    )
    func refuses(_ text: String, _ reason: String) {
        #expect { try SemanticVersion.parse(text) } throws: { "\($0)".contains(reason) }
    }
}

@Suite struct VersionRequirementTests {
    @Test(
        "a requirement says which versions will do",
        arguments: [
            ("^1.4", "1.4.0", true), ("^1.4", "1.99.0", true), ("^1.4", "2.0.0", false), ("^1.4", "1.3.9", false),
            ("^1.4", "2.0.0-alpha", false), ("^0.2.3", "0.2.9", true), ("^0.2.3", "0.3.0", false),
            ("^0.0.3", "0.0.3", true), ("^0.0.3", "0.0.4", false), ("^0", "0.9.0", true), ("^0.0", "0.0.9", true),
            ("~1.2", "1.2.9", true), ("~1.2", "1.3.0", false), ("~1", "1.9.0", true), ("~1.2.3", "1.2.2", false),
            (">=1.0 <2.0", "1.5.0", true), (">=1.0 <2.0", "2.0.0", false), (">=1.0, <2.0", "0.9.9", false),
            (">1.0.0", "1.0.0", false), ("<=1.0.0", "1.0.0", true), ("=1.2.3", "1.2.3", true),
            ("1.2.3", "1.2.4", false), ("1.2.3", "1.2.3+build", true), ("*", "7.0.0", true), ("*", "7.0.0-rc.1", false),
            (">=1.0.0-rc.1", "1.0.0-rc.2", true), (">=1.0.0-rc.1", "1.1.0-rc.2", false), ("^1.0.0-rc.1", "1.0.0", true),
        ]
    )
    func satisfies(_ requirement: String, _ version: String, _ expected: Bool) throws {
        let version = try SemanticVersion.parse(version)
        #expect(try VersionRequirement.parse(requirement).isSatisfied(by: version) == expected)
    }

    @Test("what is no requirement is refused", arguments: ["", "^", "^x", "latest", "1.2", ">= 1.0", "^1.2.3.4", "**"])
    func refuses(_ text: String) {
        #expect(throws: SemanticVersionError.self) { try VersionRequirement.parse(text) }
    }

    @Test("the largest numbers do not overflow")
    func overflow() throws {
        let version = try SemanticVersion.parse("9999999999999999999.0.0")
        #expect(try VersionRequirement.parse("^9999999999999999999.0").isSatisfied(by: version))
    }
}
