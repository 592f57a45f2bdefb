import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("plugins fuzz") struct FuzzTests {
    @Test("finds nothing in a plugin that is right")
    func right() async throws {
        let author = try Author()
        let folder = try await author.faulty()
        let fuzz = try await author.host("plugins", "fuzz", folder, "-d", "2", "--json", "-o", author.path("findings"))
        #expect(fuzz.exitCode == 0, "\(fuzz.output)")
        let json = try JSON.parse(fuzz.output)
        #expect(json["requests"]?.intValue ?? 0 > 50)
        #expect(!FileManager.default.fileExists(atPath: author.path("findings")))
    }

    @Test(
        "finds a crash, an answer that is no JSON and a call that never ends, and says how to see it again",
        arguments: [
            ("BAD_ARRAY", "the plugin crashed with signal 6"), ("BAD_ESCAPES", "its result is not one JSON value"),
            ("BAD_HANG", "did not"),
        ]
    )
    func finds(_ macro: String, _ words: String) async throws {
        let author = try Author()
        let folder = try await author.faulty(macro)
        let findings = author.path("findings")
        let fuzz = try await author.host(
            "plugins",
            "fuzz",
            folder,
            "-d",
            "8",
            "--seed",
            "5",
            "--json",
            "-o",
            findings
        )
        #expect(fuzz.exitCode == 5, "\(fuzz.output) \(fuzz.errors)")
        let finding = try #require(try JSON.parse(fuzz.output)["findings"]?.arrayValue?.first)
        #expect(finding["found"]?.stringValue?.contains(words) == true, "\(finding)")
        let file = try #require(finding["file"]?.stringValue)
        let again = try await author.host("plugins", "fuzz", folder, "--operation", "say", "--input", file)
        #expect(again.exitCode == 5, "\(again.output)")
        // And with the mistake mended it is fine.
        let mended = try await author.faulty()
        let fixed = try await author.host("plugins", "fuzz", mended, "--operation", "say", "--input", file)
        #expect(fixed.output == "say: ok\n")
        #expect(fixed.exitCode == 0)
    }
}
