import PraximousJSON
import PraximousPlugin

/// Headers, rows and columns of CSV text.
struct CSVParser: Skill {
    static let identity = PluginIdentity(id: "praximous/csv-parser", version: "1.0.0")
    static let operations = [
        "get_csv_headers", "get_csv_row_by_index", "get_csv_column_by_name", "get_all_data_as_json",
    ]

    /// Longer answers are cut; the totals beside them say how much there is.
    private static let columnPreview = 50
    private static let rowPreview = 20

    init(host: PluginHost) {}

    func execute(_ operation: String, _ parameters: JSON, _ call: Call) throws -> JSON {
        let text = (parameters["csv_data"] ?? parameters["prompt"])?.stringValue ?? ""
        guard text.unicodeScalars.contains(where: { !$0.isSpace }) else {
            throw SkillFailure("Input Error", details: "CSV data cannot be empty.")
        }
        let rows = try CSVReader.rows(of: text, call.checkCancelled)
        let headers = rows.first ?? []
        let data = rows.dropFirst()
        switch operation {
        case "get_csv_row_by_index": return try Self.row(parameters["row_index"], headers, data)
        case "get_csv_column_by_name": return try Self.column(parameters["column_name"]?.stringValue, headers, data)
        case "get_all_data_as_json":
            return [
                "json_data": .array(data.prefix(Self.rowPreview).map { .object(Self.members(headers, $0)) }),
                "total_rows_converted": .integer(data.count),
            ]
        default: return ["headers": .array(headers.map(JSON.string)), "num_data_rows": .integer(data.count)]
        }
    }

    private static func row(_ wanted: JSON?, _ headers: [String], _ data: ArraySlice<[String]>) throws -> JSON {
        guard let wanted, wanted != .null else {
            throw SkillFailure("Input Error", details: "'row_index' (0-based for data rows) is required.")
        }
        guard let index = RowIndex(wanted) else {
            throw SkillFailure("Input Error", details: "'row_index' must be an integer.")
        }
        guard let position = index.position, position < data.count else {
            throw SkillFailure(
                "Index Error",
                details: "Row index \(index.text) is out of bounds for \(data.count) data rows."
            )
        }
        let row = data[data.startIndex + position]
        return ["row_index": .integer(position), "row_data": .object(members(headers, row))]
    }

    private static func column(_ name: String?, _ headers: [String], _ data: ArraySlice<[String]>) throws -> JSON {
        guard let name, !name.isEmpty else {
            throw SkillFailure("Input Error", details: "'column_name' is required.")
        }
        // Byte by byte: Swift's own comparison takes "é" and "e\u{301}" for one name.
        guard let position = headers.firstIndex(where: { $0.utf8.elementsEqual(name.utf8) }) else {
            let known = headers.map(\.quoted).joined(separator: ", ")
            throw SkillFailure("Input Error", details: "Column '\(name)' not found in headers: [\(known)]")
        }
        // A row that ends before the column was an error of the original too, in these words.
        guard data.allSatisfy({ $0.count > position }) else {
            throw SkillFailure("Internal Skill Error", details: "list index out of range", code: "ragged_row")
        }
        return [
            "column_name": .string(name),
            "column_data": .array(data.prefix(columnPreview).map { .string($0[position]) }),
            "total_items_in_column": .integer(data.count),
        ]
    }

    /// The row's fields under their headers: the shorter of the two lists ends it, the last of two equal headers wins.
    private static func members(_ headers: [String], _ row: [String]) -> JSONObject {
        var object = JSONObject()
        for (header, field) in zip(headers, row) { object[header] = .string(field) }
        return object
    }
}

extension Unicode.Scalar {
    /// What Python strips: Unicode's white space and the four ASCII information separators.
    var isSpace: Bool { properties.isWhitespace || (0x1C...0x1F).contains(value) }
}
