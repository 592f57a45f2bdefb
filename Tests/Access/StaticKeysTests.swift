import Core
import Testing

@testable import Access

@Suite struct StaticKeysTests {
    private let key = "0123456789abcdef"

    @Test(
        "keys are split at commas, trimmed, and named by their place",
        arguments: [
            (nil, nil, []),
            ("", " , ,", []),
            ("0123456789abcdef", nil, ["static-1:developer"]),
            (
                nil, "k1-0123456789abcd, k2-0123456789abcd , k3-0123456789abcd  ,k4-0123456789abcd",
                ["static-1:developer", "static-2:developer", "static-3:developer", "static-4:developer"]
            ),
            (
                nil, "key1, key2 , key3  ,a:b",
                ["static-1:developer", "static-2:developer", "static-3:developer", "static-4:developer"]
            ),
            ("0123456789abcdef", "0123456789abcdef,ops:admin:0123456789abcdeg", ["static-1:developer", "ops:admin"]),
        ] as [(String?, String?, [String])]
    )
    func parses(one: String?, many: String?, expected: [String]) throws {
        let statics = try StaticKeys.parse(key: one.map(Secret.init), keys: many.map(Secret.init))
        #expect(statics.keys.map { "\($0.name):\($0.role)" } == expected)
        #expect(statics.isEmpty == expected.isEmpty)
    }

    @Test(
        "a key that cannot be taken is named by its place, never by its text",
        arguments: [
            (
                "0123456789abcdef,a:admin:",
                AccessError.staticKeyTooShort(variable: "PRAXIMOUS_API_KEYS", position: 2, minimum: 1)
            ),
            ("a:root:0123456789abcdef", .staticKeyRole(variable: "PRAXIMOUS_API_KEYS", position: 1)),
            (":admin:0123456789abcdef", .staticKeyRole(variable: "PRAXIMOUS_API_KEYS", position: 1)),
            (
                String(repeating: "x", count: 513),
                .staticKeyTooLong(variable: "PRAXIMOUS_API_KEYS", position: 1, maximum: 512)
            ),
        ] as [(String, AccessError)]
    )
    func refuses(text: String, expected: AccessError) {
        #expect(throws: expected) { try StaticKeys.parse(key: nil, keys: Secret(text)) }
        #expect(!expected.description.contains("0123456789abcdef"))
    }

    @Test("short keys are taken with a warning that names their place, not their text")
    func warnsOfShortKeys() throws {
        let statics = try StaticKeys.parse(key: Secret("hunter2"), keys: Secret("0123456789abcdef"))
        #expect(statics.count == 2)
        #expect(
            statics.warnings == [
                "key 1 of PRAXIMOUS_API_KEY is short enough to be guessed; make one with `openssl rand -hex 32`"
            ]
        )
    }

    @Test("keys of the environment are not printed")
    func hides() throws {
        var printed = ""
        dump(try StaticKeys.parse(key: Secret(key), keys: nil), to: &printed)
        #expect(!printed.contains(key))
    }
}
