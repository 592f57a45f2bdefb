import Manifests
import PraximousJSON
import Testing

@Suite struct YAMLDocumentTests {
    static func parse(_ text: String, _ limits: YAMLLimits = YAMLLimits()) throws -> YAMLNode {
        try YAMLDocument.parse(Array(text.utf8), source: "skill.yaml", limits: limits).root
    }

    private static func json(_ text: String) throws -> JSON? {
        let report = YAMLReport(source: "skill.yaml")
        let value = try parse(text).json(report)
        try report.check()
        return value
    }

    @Test("a document becomes a tree with places")
    func ordinary() throws {
        let root = try Self.parse("name: acme/x\nlist:\n  - a\n  - {k: 'v'}\n")
        let list = try #require(root["list"])
        guard case .sequence(let elements) = list.content else {
            Issue.record("expected a list")
            return
        }
        #expect(elements.count == 2)
        #expect((elements[1].line, elements[1].column) == (4, 5))
        #expect(elements[1]["k"]?.briefly == "\"v\"")
        #expect(root.entries?.map(\.key) == ["name", "list"])
    }

    @Test(
        "what is not safe is refused with its place",
        arguments: [
            ("a: 1\n---\nb: 2\n", "skill.yaml:2:1: expected one document, found a second"),
            ("a: !!python/object:os.system x\n", "skill.yaml:1:4: tags (!…) are not supported"),
            ("a: !custom {b: 1}\n", "skill.yaml:1:4: tags"), ("a: ! x\n", "skill.yaml:1:4: tags"),
            ("%TAG ! tag:x,2000:\n---\na: 1\n", "%TAG is not supported"),
            ("a: 1\nb: 2\na: 3\n", "skill.yaml:3:1: the key \"a\" is there twice, first in line 1"),
            ("{a: 1, 'a': 2}", "the key \"a\" is there twice"), ("? [a]\n: b\n", "expected a name as the key"),
            ("? {a: b}\n: c\n", "expected a name as the key"), ("*x : 1\n", "expected a name as the key"),
            ("base: &b {x: 1}\nc:\n  <<: *b\n", "skill.yaml:3:3: merge keys"),
            ("&k a: 1\n", "a key cannot carry an anchor"),
            ("a: *none\n", "skill.yaml:1:4: the alias *none has no anchor"),
            ("a: &a [*a]\n", "the alias *a has no anchor"),
            ("a: b\n\tc: d\n", "skill.yaml:2:"), ("a: [1, 2\n", "not valid YAML"), ("", "an empty file"),
            ("# only a comment\n", "an empty file"), ("a: \u{0}b", "skill.yaml:1:1: expected text, found a NUL byte"),
            ("\u{FEFF}a: b", "a byte order mark"), ("a: \u{7}", "not valid YAML"), ("a: b: c", "not valid YAML"),
            (String(repeating: "[", count: 40), "skill.yaml:1:33: expected at most 32 levels"),
            (String(repeating: "[", count: 100_000), "expected at most 32 levels"),
            (String(repeating: "{a: ", count: 40), "expected at most 32 levels"),
            (String(repeating: "- ", count: 40) + "x", "expected at most 32 levels"),
        ]
    )
    func refuses(_ text: String, _ words: String) {
        #expect { try Self.parse(text) } throws: { "\($0)".contains(words) }
    }

    @Test(
        "bytes that are not UTF-8 are refused",
        arguments: [
            ([0x61, 0x3A, 0x20, 0xFF], "found other bytes"), ([0xFF, 0xFE, 0x61, 0x00], "UTF-16"),
            ([0xFE, 0xFF, 0x00, 0x61], "UTF-16"), ([0x61, 0x00, 0x3A, 0x00], "NUL"),
            ([0x61, 0x3A, 0x0A, 0xC0, 0xAF], "skill.yaml:2:1"), ([0xED, 0xA0, 0x80], "found other bytes"),
        ] as [([UInt8], String)]
    )
    func encodings(_ bytes: [UInt8], _ words: String) {
        #expect { try YAMLDocument.parse(bytes, source: "skill.yaml") } throws: { "\($0)".contains(words) }
    }

    @Test("a hundred megabytes are refused by their size alone")
    func size() {
        let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 100_000_000)
        let clock = ContinuousClock()
        let elapsed = clock.measure {
            #expect { try YAMLDocument.parse(bytes, source: "skill.yaml") } throws: {
                "\($0)".contains("at most 262144 bytes, found 100000000")
            }
        }
        #expect(elapsed < .milliseconds(50))
    }

    @Test("a billion laughs end at the limit of values")
    func laughs() {
        var text = "a0: &a0 [\(Array(repeating: "lol", count: 9).joined(separator: ","))]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect { try Self.parse(text) } throws: { "\($0)".contains("expected at most 20000 values") }
    }

    @Test("a hundred aliases are the most")
    func aliases() throws {
        let list = { (count: Int) in "x: &x 1\ny: [\(Array(repeating: "*x", count: count).joined(separator: ","))]\n" }
        #expect(try Self.parse(list(100))["y"] != nil)
        #expect { try Self.parse(list(101)) } throws: { "\($0)".contains("at most 100 aliases") }
    }

    @Test("an alias cannot smuggle depth")
    func deepAlias() {
        let deep = String(repeating: "[", count: 20) + String(repeating: "]", count: 20)
        let text = "x: &x \(deep)\ny: \(String(repeating: "[", count: 20))*x\(String(repeating: "]", count: 20))\n"
        #expect { try Self.parse(text) } throws: { "\($0)".contains("at most 32 levels") }
    }

    @Test("scalars become JSON by the core schema, and yes and no stay texts")
    func conversion() throws {
        let text = """
            {a: true, b: null, c: ~, d: , e: yes, f: no, g: on, h: 'true', i: "1", j: 007, k: +5, l: .5, m: 1., n: 0x1F,
            o: 0o17, p: 1e3, q: -2.50, r: 2024-01-01, s: 1.2.3, t: 0123abc, u: -, v: 12345678901234567890123}
            """
        let expected: JSON = [
            "a": true, "b": nil, "c": nil, "d": nil, "e": "yes", "f": "no", "g": "on", "h": "true", "i": "1", "j": 7,
            "k": 5, "l": .double(0.5), "m": .double(1), "n": 31, "o": 15, "p": .double(1000), "q": .double(-2.5),
            "r": "2024-01-01", "s": "1.2.3", "t": "0123abc", "u": "-",
            "v": try JSON.parse("12345678901234567890123"),
        ]
        #expect(try Self.json(text) == expected)
    }

    @Test("numbers that JSON has no words for are refused", arguments: [".inf", "-.INF", ".nan"])
    func notFinite(_ text: String) {
        #expect { try Self.json("a: \(text)") } throws: { "\($0)".contains("skill.yaml:1:4: expected a number") }
    }

    @Test("aliases stand for their values")
    func expansion() throws {
        #expect(try Self.json("{a: &x [1, {b: 2}], c: *x}") == ["a": [1, ["b": 2]], "c": [1, ["b": 2]]])
    }
}
