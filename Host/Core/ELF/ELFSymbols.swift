/// The dynamic symbols: those `dlsym` can find.
struct ELFSymbols {
    private static let entrySize = 24

    private let file: ELFFile
    private let dynamic: ELFDynamicTable

    init(_ file: ELFFile, _ dynamic: ELFDynamicTable) throws(ELFError) {
        self.file = file
        self.dynamic = dynamic
    }

    /// Names of the symbols that are defined here and that others can bind to, sorted, each once.
    func exportedNames() throws(ELFError) -> [String] {
        guard let address = dynamic[6] else { return [] }
        let what = "the table of symbols"
        let table = try file.offset(of: address, what)
        let count = try count()
        guard count <= ELFLimits.maxSymbols else { throw .malformed("\(count) symbols") }
        _ = try file.bytes.position(table, plus: UInt64(count * Self.entrySize), what)
        var names: Set<String> = []
        var nameBytes = 0
        for index in 0..<count {
            let start = table + index * Self.entrySize
            guard try isExported(start) else { continue }
            let name = try dynamic.text(UInt64(try file.bytes.u32(start, what)), "the name of a symbol")
            nameBytes += name.utf8.count
            guard nameBytes <= ELFLimits.maxSymbolNameBytes else { throw .malformed("too long names of symbols") }
            names.insert(name)
        }
        return names.sorted()
    }

    private func isExported(_ start: Int) throws(ELFError) -> Bool {
        let what = "the table of symbols"
        let binding = try file.bytes.byte(start + 4, what) >> 4
        let visibility = try file.bytes.byte(start + 5, what) & 3
        let section = try file.bytes.u16(start + 6, what)
        // Global, weak, or unique in the process; visible to others; defined here.
        return [1, 2, 10].contains(binding) && (visibility == 0 || visibility == 3) && section != 0
    }

    /// The table does not say how long it is: the hash tables beside it do, which `dlsym` searches.
    private func count() throws(ELFError) -> Int {
        var count = 0
        var isKnown = false
        if let address = dynamic[4] {
            count = Int(try file.bytes.u32(try file.offset(of: address, "the hash table") + 4, "the hash table"))
            isKnown = true
        }
        if let address = dynamic[0x6FFF_FEF5] {
            count = max(count, try countByGNUHash(at: try file.offset(of: address, "the GNU hash table")))
            isKnown = true
        }
        return isKnown ? count : try countBySections()
    }

    /// The buckets hold each chain's first symbol; the chain that starts last ends with the last symbol.
    private func countByGNUHash(at start: Int) throws(ELFError) -> Int {
        let what = "the GNU hash table"
        let bucketCount = Int(try file.bytes.u32(start, what))
        let firstSymbol = Int(try file.bytes.u32(start + 4, what))
        let bloomWords = Int(try file.bytes.u32(start + 8, what))
        let buckets = try file.bytes.position(start, plus: UInt64(16 + bloomWords * 8), what)
        let chains = try file.bytes.position(buckets, plus: UInt64(bucketCount * 4), what)
        var last = 0
        for index in 0..<bucketCount { last = max(last, Int(try file.bytes.u32(buckets + index * 4, what))) }
        guard last >= firstSymbol else { return firstSymbol <= ELFLimits.maxSymbols ? firstSymbol : 0 }
        while last - firstSymbol <= ELFLimits.maxSymbols {
            let isEnd = try file.bytes.u32(chains + (last - firstSymbol) * 4, what) & 1 == 1
            last += 1
            if isEnd { return last }
        }
        throw .malformed("a chain of \(what) has no end")
    }

    private func countBySections() throws(ELFError) -> Int {
        let what = "the section headers"
        let table = try file.bytes.position(0, plus: try file.bytes.u64(40, "the header"), what)
        let count = Int(try file.bytes.u16(60, "the header"))
        guard try file.bytes.u16(58, "the header") == 64 else { throw .malformed("no hash table of its symbols") }
        for index in 0..<count {
            let start = table + index * 64
            guard try file.bytes.u32(start + 4, what) == 11 else { continue }
            let size = try file.bytes.u64(start + 32, what) / UInt64(Self.entrySize)
            return Int(exactly: min(size, UInt64(ELFLimits.maxSymbols) + 1)) ?? 0
        }
        throw .malformed("no hash table of its symbols")
    }
}
