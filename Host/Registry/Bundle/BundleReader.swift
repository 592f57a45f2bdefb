import Core

/// A `.praxbundle`: a tar without compression, read by the same strict scan as packages.
///
/// Opening it reads the list and the index; packages are read one by one, and each must have its hash.
package struct BundleReader: Sendable {
    /// A bundle of more bytes than this is not read.
    package static let maxBytes = 4 << 30

    package let contents: BundleContents
    /// The index and what vouches for it, by path.
    let indexFiles: [String: [UInt8]]
    private let file: OpenFile
    private let members: [String: TarMember]

    /// Whether a file begins as a bundle does; a package is compressed, a bundle is not.
    package static func isBundle(_ path: String) -> Bool {
        guard let head = try? OpenFile.reading(path).read(at: 0, count: 100) else { return false }
        let name = Array(BundleContents.fileName.utf8)
        return head.starts(with: name) && head.dropFirst(name.count).first == 0
    }

    package init(_ path: String) throws {
        file = try OpenFile.reading(path)
        let size = try file.status().size
        guard size <= Self.maxBytes else {
            throw RegistryError.bundle("it has \(size) bytes, at most \(Self.maxBytes) are read")
        }
        var limits = ArchiveLimits()
        limits.maxUnpackedBytes = Self.maxBytes
        let list: [TarMember]
        do { list = try TarScan(file: file, size: size, limits: limits, kind: .bundle).members() } catch {
            // The scan speaks of packages.
            let reason = (error as? RegistryError)?.message ?? "\(error)"
            throw RegistryError.bundle(reason.replacing("The package is refused: ", with: "").droppingFinalDot)
        }
        let members = Dictionary(list.map { ($0.path, $0) }) { first, _ in first }
        contents = try BundleContents(
            Self.read(BundleContents.fileName, members, file, maxBytes: BundleContents.maxBytes)
        )
        var indexFiles: [String: [UInt8]] = [:]
        for name in members.keys {
            guard let maxBytes = CarriedIndex.maxBytes(of: name) else { continue }
            indexFiles[name] = try Self.read(name, members, file, maxBytes: maxBytes)
        }
        guard indexFiles[CarriedIndex.index] != nil else {
            throw RegistryError.bundle("\(CarriedIndex.index) is missing")
        }
        self.indexFiles = indexFiles
        self.members = members
        let known = Set(contents.packages.map(\.member))
        for member in list where member.path.hasPrefix("packages/") && !known.contains(member.path) {
            throw RegistryError.bundle("\(member.path.quotedForMessage()) is not in its list")
        }
    }

    private static func read(
        _ name: String,
        _ members: [String: TarMember],
        _ file: OpenFile,
        maxBytes: Int
    ) throws -> [UInt8] {
        guard let member = members[name], !member.isFolder else { throw RegistryError.bundle("\(name) is missing") }
        guard member.size <= maxBytes else { throw RegistryError.bundle("\(name) has more than \(maxBytes) bytes") }
        return try file.read(at: member.contentOffset, count: member.size)
    }

    /// The index, when something here vouches for it, however old it is.
    package func index(believedBy client: IndexClient) async throws -> LoadedIndex {
        try await client.adopt(indexFiles, address: contents.index, allowUnsigned: false, isLenient: true)
    }

    /// Throws unless every package has the hash and the size of the list.
    package func checkPackages() throws {
        for package in contents.packages { try read(package) { _ in } }
    }

    /// Brings a package into the cache under its hash.
    func keep(_ package: BundleContents.Package, in cache: PackageCache) throws {
        if try cache.file(package.digest) != nil { return }
        let incoming = try cache.store(package.digest)
        try read(package) { try incoming.file.write($0) }
        _ = try incoming.keep("The package of \(package.name) in the bundle", size: package.size)
    }

    private static let pieceBytes = 1 << 20

    private func read(_ package: BundleContents.Package, _ body: ([UInt8]) throws -> Void) throws {
        guard let member = members[package.member], !member.isFolder, member.size == package.size,
            package.size <= ArchiveLimits().maxPackedBytes
        else { throw RegistryError.bundle("the package of \(package.name) is missing or has another size") }
        var hasher = SHA256Digest.Hasher()
        var offset = 0
        while offset < member.size {
            let count = min(Self.pieceBytes, member.size - offset)
            let piece = try file.read(at: member.contentOffset + offset, count: count)
            guard piece.count == count else { throw RegistryError.bundle("it is cut short") }
            hasher.update(piece)
            try body(piece)
            offset += count
        }
        guard hasher.finish() == package.digest else {
            throw RegistryError.bundle("the package of \(package.name) has another hash than its list says")
        }
    }
}

extension String {
    var droppingFinalDot: String { hasSuffix(".") ? String(dropLast()) : self }
}
