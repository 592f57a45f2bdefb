import Foundation
import TestSupport
import Testing

/// The cases of Tests/RELIABILITY.md that are played from outside, and that page itself.
@Suite("Reliability", .serialized) struct ReliabilityTests {
    @Test(
        "each case ends as the table says",
        .timeLimit(.minutes(20)),
        arguments: ["bodies", "connections", "upstream", "addresses", "clients", "limits", "secrets"]
    )
    func cases(_ name: String) async throws {
        let script = "Tests/Acceptance/Reliability/test_\(name).py"
        let arguments = ["-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider", script]
        try await LabPython.play(arguments, seconds: SourceTree.isLongRun ? 900 : 120)
    }

    @Test("the table has every case from 1 to 46, and names only tests that there are")
    func table() throws {
        let text = try String(contentsOfFile: SourceTree.path("Tests/RELIABILITY.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").compactMap { line in
            line.firstMatch(of: #/^\| ([0-9]+) \| ([^|]+) \| ([^|]+) \|$/#)
        }
        #expect(rows.compactMap { Int($0.1) } == Array(1...46))
        let sources = try Self.sources()
        for row in rows {
            let named = row.3.matches(of: #/`([A-Za-z0-9_+]+\.(?:swift|py))` "([^"]+)"/#)
            #expect(!named.isEmpty || row.3.contains("Not "), "case \(row.1) says neither a test nor a reason")
            for test in named {
                let mark = test.1.hasSuffix(".py") ? "def \(test.2)(" : "\"\(test.2)\""
                let isThere = sources[String(test.1)]?.contains { $0.contains(mark) } ?? false
                #expect(isThere, "case \(row.1) names \(test.1) \"\(test.2)\", which is not there")
            }
        }
    }

    /// The texts of all files of Tests/ by their names; several may have the same.
    private static func sources() throws -> [String: [String]] {
        let root = SourceTree.path("Tests")
        var texts: [String: [String]] = [:]
        for path in FileManager.default.enumerator(atPath: root)?.compactMap({ $0 as? String }) ?? [] {
            guard path.hasSuffix(".swift") || path.hasSuffix(".py") else { continue }
            let name = String(path.split(separator: "/").last ?? "")
            texts[name, default: []].append(try String(contentsOfFile: root + "/" + path, encoding: .utf8))
        }
        return texts
    }
}
