import PraximousJSON

extension JSON {
    /// The value with one member or element a line: files that people read and compare.
    ///
    /// Ends with a line feed.
    func indented() -> [UInt8] {
        var output: [UInt8] = []
        write(to: &output, indent: 0)
        return output + [0x0a]
    }

    private func write(to output: inout [UInt8], indent: Int) {
        switch self {
        case .object(let object) where !object.isEmpty:
            Self.list(Array(object), "{", "}", to: &output, indent: indent) { member, output in
                JSON.write(member.key, to: &output)
                output += Array(": ".utf8)
                member.value.write(to: &output, indent: indent + 1)
            }
        case .array(let elements) where elements.contains(where: \.isContainer):
            Self.list(elements, "[", "]", to: &output, indent: indent) { $0.write(to: &$1, indent: indent + 1) }
        default: write(to: &output)
        }
    }

    private var isContainer: Bool { objectValue != nil || arrayValue != nil }

    private static func list<Element>(
        _ elements: [Element],
        _ open: String,
        _ close: String,
        to output: inout [UInt8],
        indent: Int,
        write: (Element, inout [UInt8]) -> Void
    ) {
        func line(_ indent: Int) -> [UInt8] { [0x0a] + [UInt8](repeating: 0x20, count: 2 * indent) }
        output += Array(open.utf8)
        for (position, element) in elements.enumerated() {
            if position > 0 { output.append(UInt8(ascii: ",")) }
            output += line(indent + 1)
            write(element, &output)
        }
        output += line(indent) + Array(close.utf8)
    }
}
