import Core

/// One member as our own reading of the tar sees it.
struct TarMember: Hashable {
    /// Without the slash that ends a folder's name.
    let path: String
    let isFolder: Bool
    let size: Int
    /// Where its bytes begin in the tar.
    let contentOffset: Int
}

/// What a tar is expected to be: which names it may hold, and which comes first.
enum TarKind {
    case package, bundle

    var firstMember: String { self == .package ? PackagePath.manifest : BundleContents.fileName }

    func refusal(of path: [UInt8], isFolder: Bool) -> String? {
        switch self {
        case .package: PackagePath.refusal(of: path, isFolder: isFolder)
        case .bundle: BundlePath.refusal(of: path, isFolder: isFolder)
        }
    }
}

/// Reads every header of a tar and refuses whatever two readers could understand differently.
///
/// libarchive is the parser that yields the files, but it is made to be lenient: it joins GNU long names, skips what
/// it does not know and stops at the first end mark. This scan yields nothing but the list of members, accepts only
/// plain ustar with few extensions, and libarchive's list must equal it. See CVE-2025-62518 for what happens when two
/// readings of one tar are allowed to differ.
struct TarScan {
    let file: OpenFile
    let size: Int
    let limits: ArchiveLimits
    var kind = TarKind.package

    func members() throws -> [TarMember] {
        guard size % TarHeader.blockBytes == 0 else { throw RegistryError.archive("the tar ends inside a block") }
        var members: [TarMember] = []
        var register = PathRegister()
        var pending: TarExtension?
        var unpacked = 0
        var offset = 0
        var position = 0
        while true {
            position += 1
            let block = try file.read(at: offset, count: TarHeader.blockBytes)
            guard block.count == TarHeader.blockBytes else { throw RegistryError.archive("the tar has no end mark") }
            if block.allSatisfy({ $0 == 0 }) { break }
            let member: TarMember?
            do throws(TarFlaw) {
                member = try read(block, at: &offset, pending: &pending, register: &register)
            } catch {
                // An extension has a name of its own; what it speaks for is the next one's.
                let isExtension = block[156] == UInt8(ascii: "x")
                let next = isExtension ? try file.read(at: offset, count: TarHeader.blockBytes) : block
                throw error.refusal(at: next, position: position)
            }
            guard let member else { continue }
            members.append(member)
            unpacked += member.size
            guard members.count <= limits.maxMembers else {
                throw RegistryError.archive("it holds more than \(limits.maxMembers) members")
            }
            guard unpacked <= limits.maxUnpackedBytes else {
                throw RegistryError.archive("its files have more than the \(limits.maxUnpackedBytes) bytes expected")
            }
        }
        guard pending == nil else { throw RegistryError.archive("a tar extension speaks for nothing") }
        try checkEnd(from: offset)
        guard members.first?.path == kind.firstMember else {
            throw RegistryError.archive("its first member is not \(kind.firstMember)")
        }
        return members
    }

    /// The member of a header, or nil when it is an extension, which `pending` keeps for the next; moves `offset` to the
    /// next header.
    private func read(
        _ block: [UInt8],
        at offset: inout Int,
        pending: inout TarExtension?,
        register: inout PathRegister
    ) throws(TarFlaw) -> TarMember? {
        let header = try TarHeader(block: block)
        let contentStart = offset + TarHeader.blockBytes
        guard header.size <= size - contentStart else { throw TarFlaw("the tar ends inside a file") }
        offset = try endOfContent(from: contentStart, size: header.size)
        guard header.kind == .extension_ else {
            defer { pending = nil }
            return try member(header, at: contentStart, extended: pending, register: &register)
        }
        guard pending == nil else { throw TarFlaw("two tar extensions follow each other") }
        guard header.size <= TarExtension.maxBytes else { throw TarFlaw("a tar extension is too long") }
        pending = try TarExtension(content(at: contentStart, count: header.size))
        return nil
    }

    private func content(at offset: Int, count: Int) throws(TarFlaw) -> [UInt8] {
        do { return try file.read(at: offset, count: count) } catch {
            throw TarFlaw("the tar cannot be read: \(error)")
        }
    }

    private func member(
        _ header: TarHeader,
        at contentOffset: Int,
        extended: TarExtension?,
        register: inout PathRegister
    ) throws(TarFlaw) -> TarMember {
        var path = extended?.path ?? header.path
        let isFolder = header.kind == .folder
        if isFolder, path.last == UInt8(ascii: "/") { path.removeLast() }
        let text = String(decoding: path, as: UTF8.self)
        if let reason = kind.refusal(of: path, isFolder: isFolder)
            ?? register.refusal(adding: text, isFolder: isFolder)
        {
            throw TarFlaw("the name \(text.quotedForMessage()) is not accepted: \(reason)")
        }
        // An extension may repeat the size. One that differs is how one tar shows two contents to two readers.
        guard extended?.size == nil || extended?.size == header.size else {
            throw TarFlaw("\(text.quotedForMessage()) has two different sizes")
        }
        return TarMember(path: text, isFolder: isFolder, size: header.size, contentOffset: contentOffset)
    }

    /// The offset of the next header; what fills the last block of a file must be zero.
    private func endOfContent(from start: Int, size: Int) throws(TarFlaw) -> Int {
        let rest = size % TarHeader.blockBytes
        guard rest > 0 else { return start + size }
        let padding = try content(at: start + size, count: TarHeader.blockBytes - rest)
        guard padding.count == TarHeader.blockBytes - rest, padding.allSatisfy({ $0 == 0 }) else {
            throw TarFlaw("data hides behind the end of a file in the tar")
        }
        return start + size + padding.count
    }

    /// Two blocks of zeros, and nothing but zeros after them.
    private func checkEnd(from start: Int) throws {
        guard size - start >= 2 * TarHeader.blockBytes else { throw RegistryError.archive("the tar has no end mark") }
        var offset = start
        while offset < size {
            let piece = try file.read(at: offset, count: 64 << 10)
            guard !piece.isEmpty, piece.allSatisfy({ $0 == 0 }) else {
                throw RegistryError.archive("data follows the end mark of the tar")
            }
            offset += piece.count
        }
    }
}
