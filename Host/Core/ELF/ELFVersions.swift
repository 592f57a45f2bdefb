/// The versions of other libraries' symbols that a library needs, such as GLIBC_2.34.
enum ELFVersions {
    /// The highest version of each prefix.
    static func required(_ file: ELFFile, _ dynamic: ELFDynamicTable) throws(ELFError) -> [String: String] {
        guard let address = dynamic[0x6FFF_FFFE] else { return [:] }
        let what = "the table of needed versions"
        var highest: [String: String] = [:]
        var remaining = ELFLimits.maxVersions
        var need = try file.offset(of: address, what)
        while true {
            var version = try file.bytes.position(need, plus: UInt64(try file.bytes.u32(need + 8, what)), what)
            for _ in 0..<(try file.bytes.u16(need + 2, what)) {
                remaining -= 1
                guard remaining > 0 else { throw .malformed("too many entries in \(what)") }
                let name = try dynamic.text(UInt64(try file.bytes.u32(version + 8, what)), "the name of a version")
                note(name, in: &highest)
                let step = try file.bytes.u32(version + 12, what)
                if step == 0 { break }
                version = try file.bytes.position(version, plus: UInt64(step), what)
            }
            remaining -= 1
            guard remaining > 0 else { throw .malformed("too many entries in \(what)") }
            let step = try file.bytes.u32(need + 12, what)
            if step == 0 { return highest }
            need = try file.bytes.position(need, plus: UInt64(step), what)
        }
    }

    private static func note(_ name: String, in highest: inout [String: String]) {
        guard let mark = name.lastIndex(of: "_") else { return }
        let (prefix, version) = (String(name[..<mark]), String(name[name.index(after: mark)...]))
        guard let numbers = numbers(version) else { return }
        if let known = highest[prefix].flatMap(numbers(_:)), !known.lexicographicallyPrecedes(numbers) { return }
        highest[prefix] = version
    }

    /// `2.34` as numbers; nil for GLIBC_PRIVATE and its like.
    private static func numbers(_ text: String) -> [Int]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { $0.utf8.count <= 9 ? Int($0) : nil }
        return numbers.count == parts.count ? numbers : nil
    }
}
