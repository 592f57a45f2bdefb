import Foundation
import FoundationXML
import PraximousJSON
import TestSupport
import Testing

@Suite("plugins test") struct ConformanceTests {
    @Test("has more than seventy checks, each with a level and a sentence, at least forty of them by default")
    func listing() async throws {
        let author = try Author()
        let list = try await author.host("plugins", "test", "--list", "--json")
        let checks = try JSON.parse(list.output)["checks"]?.arrayValue ?? []
        #expect(checks.count > 70)
        #expect(checks.filter { $0["level"]?.intValue ?? 11 <= 5 }.count > 60)
        #expect(Set(checks.compactMap { $0["name"]?.stringValue }).count == checks.count)
        #expect(checks.allSatisfy { $0["summary"]?.stringValue?.hasSuffix(".") == true })
        #expect(checks.allSatisfy { 1...10 ~= $0["level"]?.intValue ?? 0 })
    }

    @Test("passes a plugin that is right, at every level but the one that asks for a README")
    func right() async throws {
        let author = try Author()
        let folder = try await author.faulty()
        let test = try await author.host("plugins", "test", folder, "--level", "7", "--json")
        let json = try JSON.parse(test.output)
        #expect(Self.failing(json) == ["manifest/readme"])
    }

    @Test("finds what is wrong, and nothing else", arguments: FaultyPlugin.all)
    func finds(_ plugin: FaultyPlugin) async throws {
        let author = try Author()
        let folder = try await author.faulty(plugin.macro, ldflags: plugin.ldflags, manifest: plugin.manifest)
        let test = try await author.host("plugins", "test", folder, "--json", "--reproduce", "1")
        #expect(test.exitCode == 5)
        #expect(Self.failing(try JSON.parse(test.output)) == plugin.failing, "\(test.output)")
    }

    @Test(
        "holds a provider to the shapes that a host reads",
        arguments: [
            (#"{\"models\":[{\"id\":"#, #"{\"models\":[{\"name\":"#, "provider/models"),
            (#"{\"status\":\"ok\"}"#, #"{\"status\":\"fine\"}"#, "provider/health"),
            (#"\"message\":"#, #"\"massage\":"#, "provider/chat"),
            (#"CHUNK("{}", "\"stop\"")"#, #"CHUNK("{}", "null")"#, "provider/stream"),
        ]
    )
    func providers(right: String, wrong: String, check: String) async throws {
        let author = try Author()
        let folder = author.path("weather-map")
        let new = ["new", "acme/weather-map", "--kind", "provider", "--lang", "c", "--dir", folder]
        _ = try await author.host(["plugins"] + new)
        let path = folder + "/src/plugin.c"
        let source = try String(contentsOfFile: path, encoding: .utf8)
        let broken = source.replacingOccurrences(of: right, with: wrong)
        #expect(broken != source)
        try broken.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try await author.host("plugins", "build", folder).exitCode == 0)
        let test = try await author.host("plugins", "test", folder, "--include", "^provider/", "--json")
        #expect(Self.failing(try JSON.parse(test.output)) == [check], "\(test.output)")
    }

    @Test("finds an end too few and an end too many, whatever is asked", arguments: ["BAD_NO_END", "BAD_SECOND_END"])
    func ends(_ macro: String) async throws {
        let author = try Author()
        let folder = try await author.faulty(macro)
        let test = try await author.host("plugins", "test", folder, "--include", "^call/ends-once$", "--json")
        #expect(Self.failing(try JSON.parse(test.output)) == ["call/ends-once"], "\(test.output)")
    }

    @Test("says what was expected, found and asked, what to do, and how to see it again")
    func words() async throws {
        let author = try Author()
        let folder = try await author.faulty("BAD_LENGTH")
        let test = try await author.host(
            "plugins",
            "test",
            folder,
            "--only-failed",
            "--reproduce",
            "77",
            "--include",
            "long-text"
        )
        #expect(test.exitCode == 5)
        let lines = test.output.split(separator: "\n")
        #expect(lines.first == "test/faulty 1.0.0: 1 of 1 checks failed, as sandbox")
        #expect(lines.contains("FAIL  operation/long-text"))
        #expect(lines.contains("      found:    the plugin crashed with signal 6"))
        #expect(test.output.contains("request:  say {"))
        #expect(test.output.contains("again:    prax-host plugins test"))
        #expect(test.output.contains("--include '^operation/long-text$' --reproduce 77"))
        #expect(lines.last == "0 passed, 1 failed, 0 skipped; level 5, seed 77")
    }

    @Test("puts the same requests for the same seed, and others for another")
    func seeds() async throws {
        let author = try Author()
        // One that refuses what it has been given a first time shows the first request of its kind.
        let folder = try await author.faulty("BAD_ESCAPES")
        func request(_ seed: String) async throws -> String? {
            let test = try await author.host(
                "plugins",
                "test",
                folder,
                "--include",
                "^operation/valid$",
                "--json",
                "--reproduce",
                seed
            )
            return try JSON.parse(test.output)["checks"]?.arrayValue?.first?["request"]?.stringValue
        }
        let first = try #require(try await request("1"))
        #expect(try await request("1") == first)
        #expect(try await request("2") != first)
    }

    @Test("writes JUnit that is well-formed XML with a case for each check", arguments: [nil, "BAD_ESCAPES"])
    func junit(_ macro: String?) async throws {
        let author = try Author()
        let folder = try await author.faulty(macro)
        let file = author.path("results.xml")
        _ = try await author.host("plugins", "test", folder, "--junit", file, "--reproduce", "1")
        let parser = try #require(XMLParser(contentsOf: URL(filePath: file)))
        let counter = ElementCounter()
        parser.delegate = counter
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        #expect(counter.counts["testsuite"] == 1)
        #expect(counter.counts["testcase", default: 0] > 60)
        #expect(counter.counts["failure", default: 0] == (macro == nil ? 0 : 2))
    }

    @Test("writes JUnit for a plugin that is not loaded as well")
    func junitOfRefused() async throws {
        let author = try Author()
        let folder = try await author.faulty(manifest: ["version: 1.0.0": "version: 1.0.1"])
        let file = author.path("results.xml")
        let test = try await author.host("plugins", "test", folder, "--junit", file)
        #expect(test.exitCode == 5)
        #expect(try String(contentsOfFile: file, encoding: .utf8).contains("<failure message=\"skill.yaml says"))
    }

    @Test(
        "refuses levels and names that there are not",
        arguments: [["--level", "11"], ["-j", "0"], ["--include", "("]]
    )
    func usage(_ words: [String]) async throws {
        let author = try Author()
        #expect(try await author.host(["plugins", "test", author.path("x")] + words).exitCode == 2)
    }

    private static func failing(_ json: JSON) -> [String] {
        (json["checks"]?.arrayValue ?? []).filter { $0["result"] == "failed" }
            .compactMap { $0["name"]?.stringValue }.sorted()
    }
}

/// Counts the elements of a document by name.
private final class ElementCounter: NSObject, XMLParserDelegate {
    var counts: [String: Int] = [:]

    func parser(
        _ parser: XMLParser,
        didStartElement name: String,
        namespaceURI: String?,
        qualifiedName: String?,
        attributes: [String: String]
    ) { counts[name, default: 0] += 1 }
}
