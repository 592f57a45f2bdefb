/// The fields of an ELF library by name, to change them.
extension [UInt8] {
    struct NotThere: Error { let what: String }

    func u64(_ offset: Int) -> UInt64 { (0..<8).reduce(0) { $0 | UInt64(self[offset + $1]) << (8 * UInt64($1)) } }

    mutating func put<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
        for position in 0..<MemoryLayout<Value>.size {
            self[offset + position] = UInt8(truncatingIfNeeded: value >> (8 * Value(position)))
        }
    }

    /// Where the program headers of that type begin.
    func segments(_ type: UInt32) -> [Int] {
        let start = Int(u64(32))
        return (0..<Int(self[56])).map { start + $0 * 56 }.filter { UInt32(truncatingIfNeeded: u64($0)) == type }
    }

    func segment(_ type: UInt32) throws -> Int {
        guard let first = segments(type).first else { throw NotThere(what: "segment \(type)") }
        return first
    }

    /// Where in the file lies what is loaded at `address`.
    func offset(of address: UInt64) throws -> Int {
        for load in segments(1) {
            let start = u64(load + 16)
            if address >= start, address - start < u64(load + 32) { return Int(u64(load + 8) + address - start) }
        }
        throw NotThere(what: "address \(address)")
    }

    /// Where the value of a dynamic tag lies.
    func dynamic(_ tag: UInt64) throws -> Int {
        var position = Int(u64(try segment(2) + 8))
        while u64(position) != 0 {
            if u64(position) == tag { return position + 8 }
            position += 16
        }
        throw NotThere(what: "tag \(tag)")
    }

    mutating func replace(_ text: String, with other: String) throws {
        let (old, new) = (Array(text.utf8), Array(other.utf8))
        for start in indices.dropLast(old.count) where self[start..<(start + old.count)].elementsEqual(old) {
            replaceSubrange(start..<(start + old.count), with: new)
            return
        }
        throw NotThere(what: text)
    }
}
