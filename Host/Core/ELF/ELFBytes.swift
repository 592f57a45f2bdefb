/// Borrowed bytes of a file that a stranger wrote: every read is checked, every sum may overflow.
struct ELFBytes {
    private let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var count: Int { bytes.count }

    func byte(_ offset: Int, _ what: @autoclosure () -> String) throws(ELFError) -> UInt8 {
        try integer(offset, what())
    }

    func u16(_ offset: Int, _ what: @autoclosure () -> String) throws(ELFError) -> UInt16 {
        try integer(offset, what())
    }

    func u32(_ offset: Int, _ what: @autoclosure () -> String) throws(ELFError) -> UInt32 {
        try integer(offset, what())
    }

    func u64(_ offset: Int, _ what: @autoclosure () -> String) throws(ELFError) -> UInt64 {
        try integer(offset, what())
    }

    private func integer<Value: FixedWidthInteger>(
        _ offset: Int,
        _ what: @autoclosure () -> String
    ) throws(ELFError) -> Value {
        guard offset >= 0, offset <= bytes.count - MemoryLayout<Value>.size else { throw .truncated(what()) }
        return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }

    /// The text from `offset` up to its NUL, which must stand before `end`.
    func text(_ offset: Int, before end: Int, _ what: @autoclosure () -> String) throws(ELFError) -> String {
        let limit = min(end, bytes.count)
        guard offset >= 0, offset < limit else { throw .truncated(what()) }
        var last = offset
        while last < limit, bytes[last] != 0 {
            last += 1
            guard last - offset <= ELFLimits.maxTextBytes else { throw .malformed("\(what()) is too long") }
        }
        guard last < limit else { throw .truncated(what()) }
        return String(decoding: UnsafeRawBufferPointer(rebasing: bytes[offset..<last]), as: UTF8.self)
    }

    /// The sum, unless it leaves the file.
    func position(_ base: Int, plus offset: UInt64, _ what: @autoclosure () -> String) throws(ELFError) -> Int {
        guard let offset = Int(exactly: offset) else { throw .truncated(what()) }
        let (sum, overflow) = base.addingReportingOverflow(offset)
        guard !overflow, sum >= 0, sum <= bytes.count else { throw .truncated(what()) }
        return sum
    }
}

/// How much a file may ask of its reader.
enum ELFLimits {
    static let maxTextBytes = 8192
    static let maxSegments = 256
    static let maxDynamicEntries = 4096
    static let maxSymbols = 500_000
    static let maxSymbolNameBytes = 64 << 20
    static let maxVersions = 4096
}
