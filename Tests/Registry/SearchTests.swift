import Core
import Foundation
import PraximousJSON
import Testing

@testable import Registry

@Suite("A search")
struct SearchTests {
    let store: TestStore

    init() throws {
        store = try TestStore()
        try store.add(TestPackage())
        try store.add(TestPackage(name: "acme/csv-tools", version: "2.1.0", taskType: "csv_tools"))
        try publish(1)
        // An installation that is not there is not made by looking.
        try FileManager.default.createDirectory(atPath: store.root.path, withIntermediateDirectories: true)
    }

    private func publish(_ version: Int, csv summary: String = "Tables: Größen\tund \"mehr\"\u{0}") throws {
        try store.publish(version: version) { index in
            var packages = index["packages"]?.objectValue ?? [:]
            var package = packages["acme/csv-tools"]?.objectValue ?? [:]
            package["summary"] = .string(summary)
            package["categories"] = ["data", "Text"]
            packages["acme/csv-tools"] = .object(package)
            index["packages"] = .object(packages)
        }
    }

    private func summary() async throws -> Loaded<IndexSummary> {
        let now = store.now
        let client = IndexClient(layout: store.layout, policy: store.policy, clock: WallClock { now * 1_000_000 })
        return try #require(try await client.browseSummaries().indexes.first)
    }

    private func found(_ term: String?, kind: String? = nil, limit: Int = 100) async throws -> [String] {
        try await summary().index.search(term.map(SearchTerm.init), kind: kind, limit: limit).map(\.name)
    }

    /// Changes what was kept of the one index.
    private func changeKept(_ change: (inout [UInt8]) -> Void) throws {
        let name = try #require(store.folder.names(below: "root/plugins/summaries").first)
        var bytes = try store.folder.read("root/plugins/summaries/" + name)
        change(&bytes)
        try store.folder.write("root/plugins/summaries/" + name, bytes)
    }

    static let searches: [(term: String?, found: [String])] = [
        (nil, ["acme/csv-tools", "acme/hello"]),
        ("", ["acme/csv-tools", "acme/hello"]),
        ("acme", ["acme/csv-tools", "acme/hello"]),
        ("acme/hello", ["acme/hello"]),
        ("csv_tools", ["acme/csv-tools"]),
        ("CSV-tools", ["acme/csv-tools"]),
        ("GRÖSSEN", []),
        ("größen", ["acme/csv-tools"]),
        ("\"mehr\"", ["acme/csv-tools"]),
        ("text", ["acme/csv-tools"]),
        ("says hello", ["acme/hello"]),
        ("skill", []),
    ]

    @Test("finds the same the first time and from what was kept", arguments: searches)
    func finds(_ term: String?, _ expected: [String]) async throws {
        #expect(try await found(term) == expected)
        #expect(try await found(term) == expected)
    }

    @Test("shows what the index says of a package")
    func shows() async throws {
        _ = try await summary()
        let expected = PackageSummary(
            name: "acme/csv-tools",
            version: "2.1.0",
            kind: "skill",
            taskType: "csv_tools",
            summary: "Tables: Größen\tund \"mehr\" "
        )
        #expect(try await summary().index.search(SearchTerm("csv"), limit: 5) == [expected])
        #expect(try await found(nil, limit: 1) == ["acme/csv-tools"])
        #expect(try await found(nil, limit: 0).isEmpty)
        #expect(try await found(nil, kind: "provider").isEmpty)
    }

    @Test("keeps to the index that is there now")
    func newIndex() async throws {
        #expect(try await found("sheets").isEmpty)
        try publish(2, csv: "Sheets")
        #expect(try await found("sheets") == ["acme/csv-tools"])
        #expect(try await summary().index.version == 2)
    }

    @Test("tells the warnings of the index each time")
    func warnings() async throws {
        try store.publish { index in
            var packages = index["packages"]?.objectValue ?? [:]
            packages["../x"] = [:]
            index["packages"] = .object(packages)
        }
        let first = try await summary().warnings
        #expect(first.count == 1)
        #expect(try await summary().warnings == first)
    }

    @Test("reads the index when what was kept is not whole", arguments: ["cut", "changed", "of another host", "empty"])
    func damaged(_ how: String) async throws {
        _ = try await summary()
        try changeKept { bytes in
            switch how {
            case "cut": bytes.removeLast()
            case "changed": bytes = Array(String(decoding: bytes, as: UTF8.self).replacing("csv", with: "csx").utf8)
            case "of another host": bytes[10] ^= 1
            default: bytes = []
            }
        }
        #expect(try await found(nil) == ["acme/csv-tools", "acme/hello"])
        #expect(try await found("csv") == ["acme/csv-tools"])
    }

    @Test("checks the index each time, whatever was kept", arguments: ["signature", "index", "key"])
    func checked(_ what: String) async throws {
        _ = try await summary()
        switch what {
        case "signature":
            let index = try store.folder.read("out/skills.json")
            let wrong = SignatureFile.signing(index + [0x20], as: .index, with: store.key)
            try store.folder.write("out/registry/skills.json.sig", wrong.encoded())
        case "index": try store.folder.write("out/skills.json", store.folder.read("out/skills.json") + [0x20])
        default: store.policy.revokedKeys = [store.key.publicKey.id]
        }
        let error = try #require(await #expect(throws: RegistryError.self) { try await self.summary() })
        #expect(error.code == (what == "key" ? "key_unknown" : "signature_wrong"))
    }
}
