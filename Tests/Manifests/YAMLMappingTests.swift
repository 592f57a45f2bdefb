import Manifests
import Testing

@Suite struct YAMLMappingTests {
    private enum Level: String, CaseIterable { case debug, info, error }

    private static func read<Value>(_ text: String, _ read: (YAMLMapping) -> Value?) throws -> Value? {
        let report = YAMLReport(source: "praximous.yaml")
        let document = try YAMLDocument.parse(Array(text.utf8), source: "praximous.yaml")
        let value = YAMLMapping(document.root, report).flatMap { mapping in
            defer { mapping.finish() }
            return read(mapping)
        }
        try report.check()
        return value
    }

    @Test("fields are read by type")
    func ordinary() throws {
        let text = "host: 127.0.0.1\nport: 8000\ntls: false\nidle: 30s\nbody: 4MiB\nlevel: info\nhosts: [a, b]\n"
        try Self.read(text) { root in
            #expect(root.string("host") == "127.0.0.1")
            #expect(root.int("port", in: 1...65535) == 8000)
            #expect(root.bool("tls") == false)
            #expect(root.duration("idle", in: .zero ... .seconds(60)) == .seconds(30))
            #expect(root.bytes("body", in: 0...10_000_000) == 4_194_304)
            #expect(root.word("level", Level.self) == .info)
            #expect(root.strings("hosts") == ["a", "b"])
            #expect(root.string("absent") == nil)
        }
    }

    @Test(
        "a plain scalar that means something else is no text",
        arguments: [
            ("k: no", "found no, which many readers of YAML take for a boolean; put it in quotes: \"no\""),
            ("k: true", "found the boolean true; put it in quotes"),
            ("k: 1.10", "found the number 1.10; put it in quotes: \"1.10\""),
            ("k: null", "found null"), ("k: ", "found nothing"), ("k: [a]", "found a list"),
            ("k: {a: b}", "found a mapping"),
            ("k: Off", "found Off"),
        ]
    )
    func norway(_ text: String, _ words: String) {
        #expect { try Self.read(text) { $0.string("k") } } throws: { error in
            "\(error)".contains("praximous.yaml:1:") && "\(error)".contains("expected a text for k, \(words)")
        }
    }

    @Test("in quotes everything is a text", arguments: ["no", "1.10", "null", ""])
    func quoted(_ text: String) throws { #expect(try Self.read("k: \"\(text)\"") { $0.string("k") } == text) }

    @Test(
        "wrong values say what was expected and what was found",
        arguments: [
            "port: 70000", "port: \"80\"", "port: 8.5", "port: eighty", "port: [1]", "port: 99999999999999999999",
        ]
    )
    func numbers(_ text: String) {
        #expect { try Self.read(text) { $0.int("port", in: 1...65535) } } throws: {
            "\($0)".contains("praximous.yaml:1:7: expected a whole number from 1 to 65535 for port, found ")
        }
    }

    @Test("times need a unit", arguments: ["30", "-1s", "s", "1w", "9999999999999999999d", "61s", "[1s]"])
    func durations(_ text: String) {
        #expect { try Self.read("k: \(text)") { $0.duration("k", in: .zero ... .seconds(60)) } } throws: {
            "\($0)".contains("expected a time such as 30s, from 0s to 60s, for k")
        }
    }

    @Test(
        "units of time",
        arguments: [("250ms", 250), ("2s", 2000), ("30 s", 30_000), ("1m", 60_000), ("1h", 3_600_000), ("0", 0)]
    )
    func units(_ text: String, _ milliseconds: Int) throws {
        #expect(
            try Self.read("k: \(text)") { $0.duration("k", in: .zero ... .seconds(86_400)) }
                == .milliseconds(milliseconds)
        )
    }

    @Test("an unknown key and an unknown word come with a guess")
    func guesses() {
        #expect { try Self.read("prot: 8000") { $0.int("port", in: 1...9) } } throws: {
            "\($0)" == "praximous.yaml:1:1: unknown key \"prot\"; did you mean port?"
        }
        #expect { try Self.read("level: eror") { $0.word("level", Level.self) } } throws: {
            "\($0)".contains("expected debug, info, error for level, found \"eror\"; did you mean error?")
        }
        #expect { try Self.read("zzz: 1") { $0.int("port", in: 1...9) } } throws: {
            "\($0)" == "praximous.yaml:1:1: unknown key \"zzz\""
        }
    }

    @Test("what is no mapping is refused")
    func shape() {
        #expect { try Self.read("- a") { $0.string("k") } } throws: { "\($0)".contains("expected a mapping") }
    }

    @Test(
        "what is written reads back",
        arguments: [
            "plain", "", "no", "1.10", "a: b # c", "\"quoted\" \\ back", "two\nlines\r\n\ttab", " lead and trail ",
            "é 😀 \u{202E}", "\u{0}\u{1}\u{7F}\u{85}\u{A0}\u{2028}\u{FEFF}", "- x", "*a", "!tag", "%",
        ]
    )
    func roundTrip(_ value: String) throws {
        let text = YAMLWriter.text([
            (key: "value", value: value), (key: "yes", value: "1"), (key: "a b: #", value: "2"),
        ])
        let root = try YAMLDocument.parse(Array(text.utf8), source: "identity.yaml").root
        guard case .scalar(let read, isPlain: false)? = root["value"]?.content else {
            Issue.record("expected a quoted text")
            return
        }
        #expect(Array(read.utf8) == Array(value.utf8))
        #expect(root.entries?.map(\.key) == ["value", "yes", "a b: #"])
    }
}
