import PraximousJSON

extension String {
    /// Byte equality: Swift's own calls "é" and "e\u{301}" equal, JSON Schema does not.
    func hasSameBytes(as other: String) -> Bool {
        guard self == other, utf8.count == other.utf8.count else { return false }
        return utf8.elementsEqual(other.utf8)
    }

    /// The same, without the second look when `other` is known to be ASCII: whatever is canonically equal to an ASCII
    /// text and as long is that text.
    func hasSameBytes(as other: String, isASCII: Bool) -> Bool {
        isASCII ? self == other && utf8.count == other.utf8.count : hasSameBytes(as: other)
    }
}

extension JSON {
    /// Whether both are the same value: 1 and 1.0 are, members may stand in any order.
    func isSameValue(as other: JSON) -> Bool {
        switch (self, other) {
        case (.null, .null): return true
        case (.bool(let mine), .bool(let theirs)): return mine == theirs
        case (.string(let mine), .string(let theirs)): return mine.hasSameBytes(as: theirs)
        case (.number(let mine), .number(let theirs)):
            return mine.text == theirs.text || SchemaNumber(mine).compared(to: SchemaNumber(theirs)) == 0
        case (.array(let mine), .array(let theirs)):
            return mine.count == theirs.count && zip(mine, theirs).allSatisfy { $0.isSameValue(as: $1) }
        case (.object(let mine), .object(let theirs)):
            return mine.count == theirs.count
                && mine.allSatisfy { member in theirs[member.key].map { $0.isSameValue(as: member.value) } ?? false }
        default: return false
        }
    }

    /// Bytes that are equal exactly for the same values.
    func canonicalBytes() -> [UInt8] {
        var output: [UInt8] = []
        writeCanonically(to: &output)
        return output
    }

    private func writeCanonically(to output: inout [UInt8]) {
        switch self {
        case .number(let number): output.append(contentsOf: SchemaNumber(number).canonicalText.utf8)
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for element in elements {
                element.writeCanonically(to: &output)
                output.append(UInt8(ascii: ","))
            }
            output.append(UInt8(ascii: "]"))
        case .object(let object):
            output.append(UInt8(ascii: "{"))
            for member in object.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                JSON.write(member.key, to: &output)
                member.value.writeCanonically(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        default: write(to: &output)
        }
    }

    /// The value for a message: short, one line.
    var briefly: String {
        switch self {
        case .string(let text): text.quotedForMessage(limit: 40)
        case .array, .object: typeName == "array" ? "a list" : "an object"
        default: String(text.prefix(40))
        }
    }

    /// The value as Pydantic writes the choices of an enumeration.
    var choice: String {
        if case .string(let text) = self { "'\(text)'" } else { briefly }
    }
}
