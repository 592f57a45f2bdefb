import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("The skills answer as the original gateway did")
struct SkillVectorTests {
    @Test("for what was recorded from it", arguments: try Vector.all(in: "skills.jsonl"))
    func recorded(vector: Vector) throws { try check(vector) }

    @Test("for what its description says of further cases", arguments: try Vector.all(in: "extra.jsonl"))
    func further(vector: Vector) throws { try check(vector) }

    @Test("and each deviation belongs to a vector")
    func deviationsAreUsed() throws {
        let names = try Vector.all(in: "skills.jsonl").map(\.name) + Vector.all(in: "extra.jsonl").map(\.name)
        let known = Set(names)
        #expect(try !Self.deviations().isEmpty)
        #expect(try Self.deviations().subtracting(known).map(\.text) == [])
    }

    /// As in the manifests, from which the host picks the operation of a request; the first is the default.
    private static let operations = [
        "text_manipulation": ["manipulate"],
        "simple_math": ["calculate"],
        "internal_summary": ["generate_summary"],
        "datetime_tool": ["get_current_datetime", "format_datetime"],
        "csv_parser": [
            "get_csv_headers", "get_csv_row_by_index", "get_csv_column_by_name", "get_all_data_as_json",
        ],
    ]

    private func check(_ vector: Vector) throws {
        let operations = try #require(Self.operations[vector.skill])
        let wanted = vector.parameters["operation"]?.stringValue?.lowercased()
        let operation = try #require(operations.first { $0 == wanted } ?? operations.first)
        let record = try BuiltPlugins.driver(vector.skill).call(operation, vector.request)
        #expect(record.ends == 1)
        if try Self.deviations().contains(vector.name) {
            #expect(answer(record) != expected(vector), "remove it from DEVIATIONS.md")
        } else {
            #expect(answer(record) == expected(vector))
        }
    }

    /// The data of a failure was never sent to a client.
    private func expected(_ vector: Vector) -> JSON {
        vector.result["success"] == true
            ? ["data": vector.result["data"] ?? .null]
            : ["error": vector.result["error"] ?? .null, "details": vector.result["details"] ?? .null]
    }

    private func answer(_ record: CallRecord) -> JSON {
        guard let failure = record.failure else { return ["data": record.result ?? .null] }
        return ["error": .string(failure.message), "details": failure.details ?? .null]
    }

    /// Each vector named in DEVIATIONS.md: the JSON between backquotes that begins a list item.
    private static func deviations() throws -> Set<JSON> {
        let text = try String(contentsOf: Vector.folder.appending(path: "DEVIATIONS.md"), encoding: .utf8)
        let items = text.unicodeScalars.split(separator: "\n").map { String(Substring($0)) }
        return Set(
            try items.filter { $0.hasPrefix("- `[") }.map { item in
                try JSON.parse(String(item.split(separator: "`")[1]))
            }
        )
    }
}
