/// The dynamic section: what the loader is told.
struct ELFDynamicTable {
    private static let needed: UInt64 = 1
    private static let textRelocations: UInt64 = 22
    private static let flags: UInt64 = 30
    private static let flags1: UInt64 = 0x6FFF_FFFB
    private static let textRelocationFlag: UInt64 = 4
    private static let executableFlag1: UInt64 = 0x0800_0000

    private let bytes: ELFBytes
    private var values: [UInt64: UInt64] = [:]
    private var neededOffsets: [UInt64] = []
    private let stringsStart: Int
    private let stringsEnd: Int

    init(_ file: ELFFile) throws(ELFError) {
        bytes = file.bytes
        guard let segment = file.segments.first(where: { $0.type == ELFFile.dynamicType }) else { throw .notDynamic }
        let what = "the dynamic section"
        var position = try file.bytes.position(0, plus: segment.offset, what)
        // The loader reads what is mapped at the address, not what lies in the file at the offset.
        guard try file.offset(of: segment.address, what) == position else {
            throw .malformed("\(what) is loaded from elsewhere")
        }
        let end = try file.bytes.position(position, plus: segment.fileSize, what)
        var isEnded = false
        while !isEnded, position + 16 <= end {
            let (tag, value) = (try file.bytes.u64(position, what), try file.bytes.u64(position + 8, what))
            position += 16
            if tag == 0 {
                isEnded = true
            } else if tag == Self.needed {
                neededOffsets.append(value)
            } else {
                // The loader takes the last of several.
                values[tag] = value
            }
            guard neededOffsets.count + values.count <= ELFLimits.maxDynamicEntries else {
                throw .malformed("too many entries in \(what)")
            }
        }
        guard isEnded else { throw .malformed("\(what) has no end") }
        guard let strings = values[5], let size = values[10] else { throw .malformed("no table of names") }
        stringsStart = try file.offset(of: strings, "the table of names")
        stringsEnd = try file.bytes.position(stringsStart, plus: size, "the table of names")
        if values[Self.flags1, default: 0] & Self.executableFlag1 != 0 {
            throw .notSharedLibrary(found: "a position-independent executable program")
        }
    }

    /// The value of a tag.
    subscript(_ tag: UInt64) -> UInt64? { values[tag] }

    func text(_ offset: UInt64, _ what: @autoclosure () -> String) throws(ELFError) -> String {
        try bytes.text(try bytes.position(stringsStart, plus: offset, what()), before: stringsEnd, what())
    }

    var needed: [String] {
        get throws(ELFError) {
            var names: [String] = []
            for offset in neededOffsets { names.append(try text(offset, "the name of a library it needs")) }
            return names
        }
    }

    var soname: String? { get throws(ELFError) { try text(ofTag: 14, "its own name") } }
    var rpath: String? { get throws(ELFError) { try text(ofTag: 15, "the RPATH") } }
    var runpath: String? { get throws(ELFError) { try text(ofTag: 29, "the RUNPATH") } }

    private func text(ofTag tag: UInt64, _ what: String) throws(ELFError) -> String? {
        guard let offset = values[tag] else { return nil }
        return try text(offset, what)
    }

    /// The name of the first tag by which the loader would load other code than `needed` names.
    var hiddenDependency: String? {
        let tags: KeyValuePairs<UInt64, String> = [
            0x7FFF_FFFD: "DT_AUXILIARY", 0x7FFF_FFFF: "DT_FILTER", 0x6FFF_FEFC: "DT_AUDIT", 0x6FFF_FEFB: "DT_DEPAUDIT",
        ]
        return tags.first { values[$0.key] != nil }?.value
    }

    var hasTextRelocations: Bool {
        values[Self.textRelocations] != nil || values[Self.flags, default: 0] & Self.textRelocationFlag != 0
    }
}
