/// The ELF header and the program headers.
struct ELFFile {
    struct Segment {
        let type: UInt32
        let flags: UInt32
        let offset: UInt64
        let address: UInt64
        let fileSize: UInt64
        let memorySize: UInt64
    }

    static let loadType: UInt32 = 1
    static let dynamicType: UInt32 = 2
    private static let interpreterType: UInt32 = 3
    private static let stackType: UInt32 = 0x6474_E551
    private static let executableFlag: UInt32 = 1
    private static let segmentSize = 56
    private static let pageSize: UInt64 = 4096

    let bytes: ELFBytes
    let machine: ELFMachine
    let segments: [Segment]

    init(_ bytes: ELFBytes) throws(ELFError) {
        self.bytes = bytes
        machine = try Self.identify(bytes)
        try Self.checkType(bytes)
        segments = try Self.segments(bytes)
        try checkLayout()
        try Self.checkSections(bytes)
        // Only programs name the loader that starts them.
        if segments.contains(where: { $0.type == Self.interpreterType }) {
            throw .notSharedLibrary(found: "an executable program (it names an interpreter)")
        }
    }

    private static func identify(_ bytes: ELFBytes) throws(ELFError) -> ELFMachine {
        guard bytes.count >= 4 else { throw .notELF(found: "a file of \(bytes.count) bytes") }
        let magic = try bytes.u32(0, "the header")
        guard magic == 0x464C_457F else { throw .notELF(found: kind(of: magic)) }
        guard try bytes.byte(5, "the header") == 1 else { throw .notLittleEndian }
        let machine = ELFMachine(try bytes.u16(18, "the header"))
        guard try bytes.byte(4, "the header") == 2 else { throw .not64Bit(machine) }
        return machine
    }

    private static func kind(of magic: UInt32) -> String {
        if magic & 0xFFFF == 0x2123 { return "a script" }
        switch magic {
        case 0xFEED_FACF, 0xFEED_FACE, 0xBEBA_FECA: return "a macOS library"
        case 0x6D73_6100: return "a WebAssembly module"
        case 0x6372_613C, 0x7261_3C21: return "a static archive"
        default: return magic & 0xFFFF == 0x5A4D ? "a Windows library" : "something else"
        }
    }

    private static func checkType(_ bytes: ELFBytes) throws(ELFError) {
        switch try bytes.u16(16, "the header") {
        case 3: return
        case 1: throw .notSharedLibrary(found: "an object file")
        case 2: throw .notSharedLibrary(found: "an executable program")
        case 4: throw .notSharedLibrary(found: "a core dump")
        case let type: throw .notSharedLibrary(found: "ELF type \(type)")
        }
    }

    private static func segments(_ bytes: ELFBytes) throws(ELFError) -> [Segment] {
        let what = "the program headers"
        let table = try bytes.position(0, plus: try bytes.u64(32, "the header"), what)
        let count = Int(try bytes.u16(56, "the header"))
        guard try bytes.u16(54, "the header") == segmentSize || count == 0 else {
            throw .malformed("program headers of an unknown size")
        }
        guard count <= ELFLimits.maxSegments else { throw .malformed("\(count) program headers") }
        var segments: [Segment] = []
        for index in 0..<count {
            let start = table + index * segmentSize
            segments.append(
                Segment(
                    type: try bytes.u32(start, what),
                    flags: try bytes.u32(start + 4, what),
                    offset: try bytes.u64(start + 8, what),
                    address: try bytes.u64(start + 16, what),
                    fileSize: try bytes.u64(start + 32, what),
                    memorySize: try bytes.u64(start + 40, what)
                )
            )
        }
        return segments
    }

    /// Whatever two readers could take for different things is refused: this one looks for the first segment of a kind
    /// and for the first that holds an address, the loader ends with the last.
    private func checkLayout() throws(ELFError) {
        for (type, what) in [(Self.dynamicType, "dynamic section"), (Self.stackType, "word about the stack")] {
            guard segments.count(where: { $0.type == type }) <= 1 else { throw .malformed("more than one \(what)") }
        }
        var end: UInt64 = 0
        for segment in segments where segment.type == Self.loadType {
            let size = max(segment.memorySize, segment.fileSize)
            let (last, overflow) = segment.address.addingReportingOverflow(size)
            guard !overflow, last <= UInt64.max - Self.pageSize else { throw .malformed("a segment has no end") }
            // The loader maps whole pages: two segments on one page are two contents for one address.
            guard segment.address / Self.pageSize * Self.pageSize >= end else { throw .malformed("segments overlap") }
            end = (last + Self.pageSize - 1) / Self.pageSize * Self.pageSize
        }
    }

    /// Nothing here reads the section headers, but debuggers and scanners do.
    private static func checkSections(_ bytes: ELFBytes) throws(ELFError) {
        let what = "the section headers"
        let count = UInt64(try bytes.u16(60, "the header"))
        guard count > 0 else { return }
        let table = try bytes.position(0, plus: try bytes.u64(40, "the header"), what)
        _ = try bytes.position(table, plus: count * UInt64(try bytes.u16(58, "the header")), what)
    }

    /// A library that says nothing about the stack gets an executable one.
    var hasExecutableStack: Bool {
        guard let stack = segments.first(where: { $0.type == Self.stackType }) else { return true }
        return stack.flags & Self.executableFlag != 0
    }

    /// Where in the file the byte lies that is loaded at `address`.
    func offset(of address: UInt64, _ what: @autoclosure () -> String) throws(ELFError) -> Int {
        for segment in segments where segment.type == Self.loadType && address >= segment.address {
            let distance = address - segment.address
            guard distance < segment.fileSize else { continue }
            let (offset, overflow) = segment.offset.addingReportingOverflow(distance)
            guard !overflow else { throw .malformed("\(what()) lies outside the file") }
            return try bytes.position(0, plus: offset, what())
        }
        throw .malformed("\(what()) lies in no loaded segment")
    }
}
