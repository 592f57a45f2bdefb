import CArchive
package import Core
import Egress
import Glibc

/// Writes bundles.
package struct BundleWriter: Sendable {
    let layout: StoreLayout
    let policy: StorePolicy
    let clock: WallClock
    let hooks: InstallHooks

    package init(layout: StoreLayout, policy: StorePolicy, clock: WallClock = .system, hooks: InstallHooks) {
        self.layout = layout
        self.policy = policy
        self.clock = clock
        self.hooks = hooks
    }

    /// Packs packages, all that they need, and the index that vouches for them into the file `path`.
    ///
    /// Each platform gets the versions that fit it; what is installed here does not matter.
    package func write(
        _ references: [PackageReference],
        platforms: [String],
        to path: String,
        allowUnsigned: Bool = false
    ) async throws -> BundleContents {
        let client = IndexClient(layout: layout, policy: policy, clock: clock)
        let index = try await client.only(for: references, allowUnsigned: allowUnsigned)
        let copy = try await client.carry(index)
        var packages: [BundleContents.Package] = []
        var files: [(member: String, file: OpenFile)] = []
        let download = PackageDownload(layout: layout, policy: policy, hooks: hooks)
        for platform in Set(platforms).sorted() {
            for (resolution, isRequested) in try Self.choose(references, index.index, platform) {
                let name = resolution.package.name
                let artifact = resolution.artifact
                let package = BundleContents.Package(
                    name: name,
                    version: resolution.version.version,
                    platform: platform,
                    digest: artifact.digest,
                    size: artifact.size,
                    isRequested: isRequested
                )
                packages.append(package)
                guard !files.contains(where: { $0.member == package.member }) else { continue }
                files.append((package.member, try await download.fetch(artifact, of: name, from: index.source)))
            }
        }
        let contents = BundleContents(index: index.source.address.text, packages: packages)
        try Self.write(contents, copy, files, to: path)
        return contents
    }

    private static func choose(
        _ references: [PackageReference],
        _ index: StoreIndex,
        _ platform: String
    ) throws -> [(Resolution, isRequested: Bool)] {
        var target = HostPlatform.current
        let parts = platform.split(separator: "-", maxSplits: 1).map(String.init)
        (target.os, target.arch) = (parts.first ?? "", parts.last ?? "")
        let resolver = Resolver(index: index, platform: target)
        let wishes = try references.map { reference -> DependencyResolver.Wish in
            let candidates = try resolver.candidates(for: reference)
            return DependencyResolver.Wish(candidates[0].package.name, candidates.map(\.candidate))
        }
        let solver = DependencyResolver(installed: [:]) { resolver.usable($0)?.map(\.candidate) }
        return try solver.solve(wishes).map { choice in
            guard let resolution = resolver.exact(choice.name, choice.version) else {
                throw RegistryError.unsolvable("\(choice.name) \(choice.version) is gone")
            }
            return (resolution, wishes.contains { $0.name == choice.name })
        }
    }

    private static func write(
        _ contents: BundleContents,
        _ copy: CarriedIndex,
        _ files: [(member: String, file: OpenFile)],
        to path: String
    ) throws {
        let slash = path.lastIndex(of: "/")
        let folder = try Folder.open(slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? ".")
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        let temporary = ".\(name).new"
        try folder.removeIfPresent(temporary)
        let file = try folder.createFile(temporary, mode: 0o644)
        let tar = try TarWriter(file)
        try tar.add(BundleContents.fileName, contents.encoded())
        for (name, bytes) in copy.files.sorted(by: { $0.key < $1.key }) { try tar.add(name, bytes) }
        for (member, package) in files { try tar.add(member, package) }
        try tar.finish()
        try file.synchronize()
        try folder.rename(temporary, to: folder, as: name)
        try folder.synchronize()
    }
}

/// A plain ustar, the same for the same members: no times, no owners.
private final class TarWriter {
    private let archive: OpaquePointer
    private static let pieceBytes = 1 << 20

    init(_ file: OpenFile) throws {
        guard let archive = archive_write_new() else { throw RegistryError.system("libarchive", number: ENOMEM) }
        self.archive = archive
        try check(archive_write_set_format_ustar(archive))
        try check(archive_write_set_bytes_in_last_block(archive, 1))
        try check(archive_write_open_fd(archive, file.descriptor))
    }

    deinit { archive_write_free(archive) }

    func add(_ name: String, _ bytes: [UInt8]) throws {
        try header(name, size: bytes.count)
        try write(bytes)
    }

    func add(_ name: String, _ file: OpenFile) throws {
        let size = try file.status().size
        try header(name, size: size)
        var offset = 0
        while offset < size {
            let piece = try file.read(at: offset, count: min(Self.pieceBytes, size - offset))
            guard !piece.isEmpty else { throw RegistryError.bundle("\(name) became shorter while it was read") }
            try write(piece)
            offset += piece.count
        }
    }

    func finish() throws { try check(archive_write_close(archive)) }

    private func header(_ name: String, size: Int) throws {
        guard let entry = archive_entry_new() else { throw RegistryError.system("libarchive", number: ENOMEM) }
        defer { archive_entry_free(entry) }
        archive_entry_set_pathname(entry, name)
        archive_entry_set_filetype(entry, S_IFREG)
        archive_entry_set_perm(entry, 0o444)
        archive_entry_set_size(entry, Int64(size))
        archive_entry_set_mtime(entry, 0, 0)
        archive_entry_set_uid(entry, 0)
        archive_entry_set_gid(entry, 0)
        try check(archive_write_header(archive, entry))
    }

    private func write(_ bytes: [UInt8]) throws {
        guard archive_write_data(archive, bytes, bytes.count) == bytes.count else { return try check(ARCHIVE_FATAL) }
    }

    private func check(_ status: Int32) throws {
        guard status != ARCHIVE_OK else { return }
        let reason = archive_error_string(archive).map { String(cString: $0) } ?? "libarchive failed"
        throw RegistryError(.internalError, "bundle_failed", "The bundle cannot be written: \(reason).")
    }
}
