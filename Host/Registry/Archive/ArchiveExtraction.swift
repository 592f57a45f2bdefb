import CArchive
import Core
import Glibc

/// Writes the members of a scanned tar below a folder, read by libarchive and compared with the scan at each step.
///
/// libarchive's own disk writer is not used: here every folder is opened relative to its parent and no link is ever
/// followed or made. Nothing is forced to disk here: see `StoreFolder`.
struct ArchiveExtraction {
    let tar: OpenFile
    let members: [TarMember]
    let root: Folder

    private static let pieceBytes = 256 << 10

    func run() throws -> [UnpackedFile] {
        guard lseek(tar.descriptor, 0, SEEK_SET) == 0, let archive = archive_read_new() else {
            throw RegistryError.system("The package cannot be read", number: errno)
        }
        defer { archive_read_free(archive) }
        guard archive_read_support_format_tar(archive) == ARCHIVE_OK,
            archive_read_open_fd(archive, tar.descriptor, Self.pieceBytes) == ARCHIVE_OK
        else { throw RegistryError.archive("the tar cannot be read") }
        var files: [UnpackedFile] = []
        for member in members {
            var entry: OpaquePointer?
            // A warning means that libarchive changed its mind about something; here that is a disagreement.
            guard archive_read_next_header(archive, &entry) == ARCHIVE_OK, let entry else {
                throw disagreement(member.path)
            }
            try compare(entry, with: member)
            if member.isFolder {
                _ = try folder(member.path.split(separator: "/"))
            } else {
                files.append(try write(member, from: archive))
            }
        }
        var entry: OpaquePointer?
        guard archive_read_next_header(archive, &entry) == ARCHIVE_EOF else { throw disagreement("the end") }
        return files
    }

    private func compare(_ entry: OpaquePointer, with member: TarMember) throws {
        var path = archive_entry_pathname(entry).map { String(cString: $0) } ?? ""
        if member.isFolder, path.hasSuffix("/") { path.removeLast() }
        let isPlain =
            archive_entry_hardlink(entry) == nil && archive_entry_symlink(entry) == nil
            && archive_entry_sparse_count(entry) == 0 && archive_entry_xattr_count(entry) == 0
        guard path == member.path, isPlain, archive_entry_size_is_set(entry) != 0,
            archive_entry_size(entry) == Int64(member.size),
            archive_entry_filetype(entry) == (member.isFolder ? S_IFDIR : S_IFREG)
        else { throw disagreement(member.path) }
    }

    private func disagreement(_ place: String) -> RegistryError {
        .archive("two readings of the tar differ at \(place.quotedForMessage())")
    }

    /// The folder of that path below the root, made where it is missing.
    private func folder(_ components: [Substring]) throws -> Folder {
        try components.reduce(root) { try $0.makeFolder(String($1)) }
    }

    private func write(_ member: TarMember, from archive: OpaquePointer) throws -> UnpackedFile {
        let components = member.path.split(separator: "/")
        guard let name = components.last else { throw disagreement(member.path) }
        let mode = PackagePath.mode(of: member.path)
        let file = try folder(components.dropLast()).createFile(String(name), mode: 0o600)
        var hasher = SHA256Digest.Hasher()
        var rest = member.size
        while rest > 0 {
            var read = 0
            let piece = [UInt8](unsafeUninitializedCapacity: min(rest, Self.pieceBytes)) { buffer, count in
                read = archive_read_data(archive, buffer.baseAddress, min(rest, Self.pieceBytes))
                count = max(0, read)
            }
            guard read > 0 else { throw disagreement(member.path) }
            hasher.update(piece)
            try file.write(piece)
            rest -= read
        }
        var extra: UInt8 = 0
        guard archive_read_data(archive, &extra, 1) == 0 else { throw disagreement(member.path) }
        // The header's mode is ignored: files are stored read-only, by their role.
        guard fchmod(file.descriptor, mode_t(mode)) == 0 else { throw RegistryError.system("fchmod", number: errno) }
        return UnpackedFile(path: member.path, size: member.size, digest: hasher.finish(), mode: mode)
    }
}
