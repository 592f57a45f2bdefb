/// Takes values out of a payload that another process made; every length is checked before it is believed.
package struct WireReader {
    private var rest: UnsafeRawBufferPointer

    package init(_ payload: UnsafeRawBufferPointer) { rest = payload }

    package mutating func u8() throws(WireError) -> UInt8 { try integer() }
    package mutating func u16() throws(WireError) -> UInt16 { try integer() }
    package mutating func u32() throws(WireError) -> UInt32 { try integer() }
    package mutating func u64() throws(WireError) -> UInt64 { try integer() }
    package mutating func i32() throws(WireError) -> Int32 { try integer() }
    package mutating func f64() throws(WireError) -> Double { Double(bitPattern: try integer()) }

    /// Bytes behind a 16-bit length.
    package mutating func shortBytes() throws(WireError) -> UnsafeRawBufferPointer { try bytes(Int(u16())) }

    /// Text behind a 16-bit length; what is no UTF-8 is replaced.
    package mutating func shortText() throws(WireError) -> String { String(decoding: try shortBytes(), as: UTF8.self) }

    /// Bytes behind a 32-bit length.
    package mutating func longBytes() throws(WireError) -> UnsafeRawBufferPointer { try bytes(Int(u32())) }

    /// Everything that is left.
    package mutating func remaining() -> UnsafeRawBufferPointer {
        defer { rest = UnsafeRawBufferPointer(start: nil, count: 0) }
        return rest
    }

    /// Nothing may be left.
    package func finish() throws(WireError) {
        guard rest.isEmpty else { throw WireError("\(rest.count) bytes too many in a payload") }
    }

    package mutating func bytes(_ count: Int) throws(WireError) -> UnsafeRawBufferPointer {
        guard count <= rest.count else { throw WireError("a length of \(count) with \(rest.count) bytes left") }
        defer { rest = UnsafeRawBufferPointer(rebasing: rest[count...]) }
        return UnsafeRawBufferPointer(rebasing: rest[..<count])
    }

    private mutating func integer<Value: FixedWidthInteger>() throws(WireError) -> Value {
        let size = MemoryLayout<Value>.size
        let here = try bytes(size)
        return Value(littleEndian: here.loadUnaligned(as: Value.self))
    }
}

/// Puts a payload together.
package struct WireWriter {
    package private(set) var bytes: [UInt8] = []

    package init(reserving count: Int = 64) { bytes.reserveCapacity(count) }

    package mutating func integer<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func double(_ value: Double) { integer(value.bitPattern) }

    /// Text behind a 16-bit length; cut where that ends.
    package mutating func shortText(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            let count = min(utf8.count, Int(UInt16.max))
            integer(UInt16(count))
            bytes.append(contentsOf: utf8[..<count])
        }
    }

    /// Bytes behind a 32-bit length.
    package mutating func longBytes(_ value: [UInt8]) {
        integer(UInt32(value.count))
        bytes += value
    }

    package mutating func raw(_ value: [UInt8]) { bytes += value }
    package mutating func raw(_ value: UnsafeRawBufferPointer) { bytes.append(contentsOf: value) }
}
