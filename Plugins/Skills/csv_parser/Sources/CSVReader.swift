import PraximousPlugin

/// Reads comma-separated text the way Python's `csv.reader` does with its default dialect.
///
/// RFC 4180 is the core; around it, what real files hold: a quote in the middle of a field is text, text after a closing
/// quote is appended, an unfinished quote ends with the data, an empty line is a row without fields. A lone carriage
/// return inside a line is refused.
struct CSVReader {
    /// The longest field, in code points.
    static let maxFieldLength = 131_072

    private static let bytesBetweenChecks = 65_536

    private enum State {
        case startOfRow, startOfField, inField, inQuotes, quoteInQuotes, afterLineEnd
    }

    private var state = State.startOfRow
    private var field: [UInt8] = []
    private var fieldLength = 0
    private var row: [String] = []
    private var rows: [[String]] = []

    /// All rows of the text.
    static func rows(of text: String, _ check: () throws -> Void) throws -> [[String]] {
        var reader = CSVReader()
        var untilCheck = bytesBetweenChecks
        for byte in text.utf8 {
            try reader.read(byte)
            if byte == newline { reader.endLine() }
            untilCheck -= 1
            if untilCheck == 0 {
                try check()
                untilCheck = bytesBetweenChecks
            }
        }
        return reader.finished()
    }

    private mutating func read(_ byte: UInt8) throws(SkillFailure) {
        switch state {
        case .startOfRow where byte == newline || byte == carriageReturn: state = .afterLineEnd
        case .startOfRow, .startOfField: try readFirst(byte)
        case .inField: try readUnquoted(byte)
        case .inQuotes: if byte == quote { state = .quoteInQuotes } else { try append(byte) }
        case .quoteInQuotes: try readAfterQuote(byte)
        case .afterLineEnd:
            guard byte == newline || byte == carriageReturn else { throw Self.strayCarriageReturn }
        }
    }

    private mutating func readFirst(_ byte: UInt8) throws(SkillFailure) {
        if byte == quote {
            state = .inQuotes
        } else {
            state = .inField
            try readUnquoted(byte)
        }
    }

    private mutating func readUnquoted(_ byte: UInt8) throws(SkillFailure) {
        switch byte {
        case newline, carriageReturn:
            endField()
            state = .afterLineEnd
        case comma:
            endField()
            state = .startOfField
        default: try append(byte)
        }
    }

    private mutating func readAfterQuote(_ byte: UInt8) throws(SkillFailure) {
        state = byte == quote ? .inQuotes : .inField
        if byte == quote { try append(byte) } else { try readUnquoted(byte) }
    }

    private mutating func append(_ byte: UInt8) throws(SkillFailure) {
        // A continuation byte belongs to a code point already counted.
        if byte & 0xC0 != 0x80 { fieldLength += 1 }
        guard fieldLength <= Self.maxFieldLength else {
            throw SkillFailure(
                "CSV Parsing Error",
                details: "field larger than field limit (\(Self.maxFieldLength))"
            )
        }
        field.append(byte)
    }

    private mutating func endField() {
        row.append(String(decoding: field, as: UTF8.self))
        field.removeAll(keepingCapacity: true)
        fieldLength = 0
    }

    private mutating func endRow() {
        rows.append(row)
        row = []
        state = .startOfRow
    }

    /// A line feed ends the row unless it stands inside quotes.
    private mutating func endLine() {
        if state == .afterLineEnd { endRow() }
    }

    /// The data may end without a line end, after a lone carriage return, or inside quotes.
    private consuming func finished() -> [[String]] {
        switch state {
        case .startOfRow: break
        case .afterLineEnd: endRow()
        case .startOfField, .inField, .inQuotes, .quoteInQuotes:
            endField()
            endRow()
        }
        return rows
    }

    private static let strayCarriageReturn = SkillFailure(
        "CSV Parsing Error",
        details: "new-line character seen in unquoted field - do you need to open the file in universal-newline mode?"
    )
}

private let newline = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")
private let comma = UInt8(ascii: ",")
private let quote = UInt8(ascii: "\"")
