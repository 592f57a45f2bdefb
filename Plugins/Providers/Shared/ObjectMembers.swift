package import PraximousJSON

/// Where the members of one JSON object stand in its text, so that some can be read or replaced and the rest stays as it
/// was written.
package struct ObjectMembers: Sendable {
    /// One member.
    package struct Member: Sendable {
        /// The name as written, without quotes.
        fileprivate let name: Range<Int>
        /// From the first byte of the value to its last.
        package let value: Range<Int>
        /// From the name's quote to the value's end.
        fileprivate let whole: Range<Int>
    }

    package let bytes: [UInt8]
    private let members: [Member]
    /// Behind the opening brace.
    private let start: Int

    /// nil when the bytes are not one JSON object.
    package init?(_ bytes: [UInt8]) {
        self.bytes = bytes
        let isValid = bytes.withUnsafeBufferPointer { (try? JSON.validate($0)) != nil }
        guard isValid, let brace = bytes.firstIndex(where: { !Self.isSpace($0) }), bytes[brace] == UInt8(ascii: "{")
        else { return nil }
        start = brace + 1
        members = bytes.withUnsafeBufferPointer { Self.scan($0, from: brace + 1) }
    }

    /// The last member of that name, written without escapes.
    package subscript(_ name: StaticString) -> Member? {
        members.last { member in
            guard member.name.count == name.utf8CodeUnitCount else { return false }
            return zip(member.name, 0...).allSatisfy { bytes[$0] == name.utf8Start[$1] }
        }
    }

    /// The value of that name.
    package func value(_ name: StaticString) -> JSON? {
        self[name].flatMap { try? JSON.parse(Array(bytes[$0.value])) }
    }

    /// The text with some values replaced, and others put in front where there is no such name yet.
    package func replacing(_ values: [(name: StaticString, value: [UInt8])]) -> [UInt8] {
        var replaced: [(range: Range<Int>, value: [UInt8])] = []
        var added: [UInt8] = []
        for (name, value) in values {
            if let member = self[name] {
                replaced.append((member.value, value))
            } else {
                JSON.write("\(name)", to: &added)
                added.append(UInt8(ascii: ":"))
                added.append(contentsOf: value)
                added.append(UInt8(ascii: ","))
            }
        }
        if members.isEmpty, !added.isEmpty { added.removeLast() }
        var output = Array(bytes[..<start])
        output.reserveCapacity(bytes.count + added.count + 64)
        output.append(contentsOf: added)
        var position = start
        for (range, value) in replaced.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            output.append(contentsOf: bytes[position..<range.lowerBound])
            output.append(contentsOf: value)
            position = range.upperBound
        }
        output.append(contentsOf: bytes[position...])
        return output
    }

    /// Walks the members of an object that is known to be valid.
    private static func scan(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> [Member] {
        var members: [Member] = []
        var position = start
        while true {
            while isSpace(bytes[position]) || bytes[position] == UInt8(ascii: ",") { position += 1 }
            if bytes[position] == UInt8(ascii: "}") { return members }
            let quote = position
            position = stringEnd(bytes, quote)
            let name = quote + 1..<position - 1
            while isSpace(bytes[position]) || bytes[position] == UInt8(ascii: ":") { position += 1 }
            let value = position
            position = valueEnd(bytes, value)
            members.append(Member(name: name, value: value..<position, whole: quote..<position))
        }
    }

    private static func valueEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var depth = 0
        var position = start
        while true {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position = stringEnd(bytes, position)
                if depth == 0 { return position }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return position }
                depth -= 1
                if depth == 0 { return position + 1 }
            case UInt8(ascii: ",") where depth == 0: return position
            case let byte where depth == 0 && isSpace(byte): return position
            default: break
            }
            position += 1
        }
    }

    private static func stringEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ quote: Int) -> Int {
        var position = quote + 1
        while bytes[position] != UInt8(ascii: "\"") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return position + 1
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
}
