import Foundation
import Testing

/// The words that programs rely on are the same in the README and in the sources.
@Suite struct WordTests {
    private static func text(_ path: String) throws -> String {
        try String(contentsOfFile: TemporaryInstallation.packageRoot + "/" + path, encoding: .utf8)
    }

    private static func sources(below folder: String) throws -> String {
        let root = URL(fileURLWithPath: TemporaryInstallation.packageRoot + "/" + folder).resolvingSymlinksInPath().path
        let names = try #require(FileManager.default.enumerator(atPath: root)).compactMap { $0 as? String }
        return try names.filter { $0.hasSuffix(".swift") }
            .map { try String(contentsOfFile: root + "/" + $0, encoding: .utf8) }
            .joined(separator: "\n")
    }

    /// What stands in backticks.
    private static func words(in text: some StringProtocol) -> [String] {
        String(text).matches(of: /`([a-z_]+)`/).map { String($0.1) }
    }

    @Test("every error code of the README is one that the host gives")
    func errorCodes() throws {
        let rows = try Self.text("README.md").matches(of: /(?m)^\| [45]\d\d.*$/).map { String($0.0) }
        let codes = rows.flatMap { Self.words(in: $0) }
        #expect(codes.count > 30)
        let host = try Self.sources(below: "Host")
        for code in codes { #expect(host.contains("\"\(code)\""), "\(code)") }
    }

    @Test("the README names every kind of fault")
    func faults() throws {
        let text = try Self.text("README.md")
        let list = try #require(text.firstMatch(of: /Faults are (.*?);/.dotMatchesNewlines()))
        let source = try Self.text("Host/Workers/Host/FaultKind.swift")
        let property = try #require(source.firstMatch(of: /var word: String \{(.*?)\n    \}/.dotMatchesNewlines()))
        let known = String(property.1).matches(of: /: "([a-z_]+)"/).map { String($0.1) }
        #expect(Self.words(in: list.1).sorted() == known.sorted())
    }
}
