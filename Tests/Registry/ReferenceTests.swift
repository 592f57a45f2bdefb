import Core
import Testing

@testable import Registry

@Suite("Package references")
struct ReferenceTests {
    private struct Candidate {
        let name: PluginName
        let taskType: String?
    }

    private func candidates(_ names: [(String, String?)]) throws -> [Candidate] {
        try names.map { Candidate(name: try PluginName.parse($0.0), taskType: $0.1) }
    }

    @Test(
        "find a package by its full name, its short name and its task type",
        arguments: [
            ("praximous/json-query", "praximous/json-query"), ("json-query", "praximous/json-query"),
            ("json_query", "praximous/json-query"), ("acme/weather", "acme/weather"), ("weather", "acme/weather"),
            ("forecast", "acme/weather"), ("hash", "praximous/hash"), ("nothing", nil),
        ]
    )
    func finding(_ text: String, _ expected: String?) throws {
        let all = try candidates([
            ("praximous/json-query", "json_query"), ("acme/weather", "forecast"), ("praximous/hash", nil),
            ("acme/hash", nil),
        ])
        let found = try PackageReference(text).choose(from: all, name: \.name, taskType: \.taskType)
        #expect(found?.name.description == expected)
    }

    @Test("never take the first of two owners")
    func ambiguous() throws {
        let all = try candidates([("acme/weather", nil), ("bob/weather", nil)])
        let error = #expect(throws: RegistryError.self) {
            try PackageReference("weather").choose(from: all, name: \.name, taskType: \.taskType)
        }
        #expect(error?.exitCode == .usage)
        #expect(error?.message == "\"weather\" could be acme/weather, bob/weather.")
    }

    @Test("may carry a version or a range, or be a file")
    func forms() throws {
        #expect(try PackageReference("a/b@1.2.3").pinnedVersion == SemanticVersion(1, 2, 3))
        #expect(try PackageReference("a/b@^1.2").pinnedVersion == nil)
        #expect(try PackageReference("./x.tar.gz").subject == .file(path: "./x.tar.gz"))
        #expect(try PackageReference("x.tar.gz").subject == .file(path: "x.tar.gz"))
    }

    @Test("to names that no package may have are not found", arguments: ["", "a/b/c", "A/b", "CON", "а/b", "-x"])
    func impossible(_ text: String) {
        let error = #expect(throws: RegistryError.self) { try PackageReference(text) }
        #expect(error?.exitCode == .notFound)
    }

    @Test("with what is no version are refused", arguments: ["a@", "a@x", "a/b@1.x.y.z", "a@v1"])
    func malformed(_ text: String) {
        let error = #expect(throws: RegistryError.self) { try PackageReference(text) }
        #expect(error?.exitCode == .usage)
    }
}
