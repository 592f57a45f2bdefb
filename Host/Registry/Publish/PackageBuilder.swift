import CArchive
package import Core
import Glibc
import PraximousJSON

/// A package file that was written.
package struct BuiltPackage: Sendable {
    package let manifest: Manifest
    package let platform: String
    package let path: String
    package let size: Int
    package let unpackedBytes: Int
    package let digest: SHA256Digest
    package let manifestDigest: SHA256Digest
}

/// Packs a tree.
///
/// The same tree, key and time give the same bytes, on every machine with the same libarchive and zlib.
package struct PackageBuilder: Sendable {
    /// Signs META/MANIFEST.json; nil leaves the package unsigned.
    let key: SigningKey?
    /// The time of every file and of the manifest.
    let time: Timestamp

    package init(key: SigningKey?, time: Timestamp) {
        self.key = key
        self.time = time
    }

    /// `NAME-VERSION-OS-ARCH.tar.gz`.
    package static func fileName(_ manifest: Manifest, _ platform: String) -> String {
        "\(manifest.name.name)-\(manifest.version)-\(platform).tar.gz"
    }

    package func build(_ tree: PackageTree, platform: String, to path: String) throws -> BuiltPackage {
        let contents = try contents(of: tree, platform: platform)
        let folder = try Folder.make(
            path.contains("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) : "."
        )
        let name = String(path.split(separator: "/").last ?? "")
        let temporary = ".\(name).new"
        try folder.removeIfPresent(temporary)
        let file = try folder.createFile(temporary, mode: 0o644)
        try write(contents, to: file)
        try file.synchronize()
        let (digest, size) = try SHA256Digest.ofFile(file)
        try folder.rename(temporary, to: folder, as: name)
        return BuiltPackage(
            manifest: tree.manifest,
            platform: platform,
            path: path,
            size: size,
            unpackedBytes: contents.reduce(0) { $0 + $1.bytes.count },
            digest: digest,
            manifestDigest: SHA256Digest(of: contents.first { $0.path == PackagePath.fileList }?.bytes ?? [])
        )
    }

    /// What META/MANIFEST.json says of the files of a tree.
    static func fileList(of tree: PackageTree, platform: String) throws -> [String: PackageManifest.File] {
        let files = try members(of: tree, platform: platform).map { ($0.path, $0.file) }
        return Dictionary(files) { first, _ in first }
    }

    private struct Member {
        let path: String
        let bytes: [UInt8]

        var file: PackageManifest.File {
            let mode = PackagePath.mode(of: path)
            return PackageManifest.File(digest: SHA256Digest(of: bytes), size: bytes.count, mode: mode)
        }
    }

    private static func members(of tree: PackageTree, platform: String) throws -> [Member] {
        let top = try Folder.open(tree.path)
        return try tree.files(for: platform).map { path in
            let parts = path.split(separator: "/").map(String.init)
            let parent = try parts.dropLast().reduce(top) { try $0.folder($1) }
            let bytes = try parent.openFile(parts.last ?? path).readAll(maxBytes: ArchiveLimits().maxUnpackedBytes)
            return Member(path: path, bytes: bytes)
        }
    }

    /// skill.yaml, the signed list, its signature, then the rest sorted.
    private func contents(of tree: PackageTree, platform: String) throws -> [Member] {
        let members = try Self.members(of: tree, platform: platform)
        let list = list(of: members, manifest: tree.manifest)
        var first =
            members.filter { $0.path == PackagePath.manifest } + [Member(path: PackagePath.fileList, bytes: list)]
        if let key {
            let signature = SignatureFile.signing(list, as: .manifest, with: key).encoded()
            first.append(Member(path: PackagePath.signature, bytes: signature))
        }
        return first + members.filter { $0.path != PackagePath.manifest }
    }

    private func list(of members: [Member], manifest: Manifest) -> [UInt8] {
        var files = JSONObject()
        for member in members { files[member.path] = member.file.json }
        var json: JSONObject = [
            "format": 1, "name": .string(manifest.name.description), "version": .string(manifest.version.description),
            "publisher": .string(manifest.name.owner),
        ]
        json["key"] = key.map { .string($0.publicKey.id) }
        json["created"] = .string(time.description)
        json["files"] = .object(files)
        return JSON.object(json).indented()
    }

    private func write(_ members: [Member], to file: OpenFile) throws {
        guard let archive = archive_write_new() else { throw RegistryError.system("libarchive", number: ENOMEM) }
        defer { archive_write_free(archive) }
        func check(_ status: Int32) throws {
            guard status == ARCHIVE_OK else {
                let reason = archive_error_string(archive).map { String(cString: $0) } ?? "libarchive failed"
                throw RegistryError(.internalError, "pack_failed", "The package cannot be written: \(reason).")
            }
        }
        // Restricted: pax records only where ustar has no room. No name and no time in the gzip header.
        try check(archive_write_set_format_pax_restricted(archive))
        try check(archive_write_add_filter_gzip(archive))
        try check(archive_write_set_options(archive, "gzip:compression-level=9,gzip:!timestamp"))
        try check(archive_write_set_bytes_in_last_block(archive, 1))
        try check(archive_write_open_fd(archive, file.descriptor))
        for member in members {
            guard let entry = archive_entry_new() else { throw RegistryError.system("libarchive", number: ENOMEM) }
            defer { archive_entry_free(entry) }
            archive_entry_set_pathname(entry, member.path)
            archive_entry_set_filetype(entry, S_IFREG)
            archive_entry_set_perm(entry, mode_t(PackagePath.mode(of: member.path)))
            archive_entry_set_size(entry, Int64(member.bytes.count))
            archive_entry_set_mtime(entry, Int(time.seconds), 0)
            archive_entry_set_uid(entry, 0)
            archive_entry_set_gid(entry, 0)
            try check(archive_write_header(archive, entry))
            guard archive_write_data(archive, member.bytes, member.bytes.count) == member.bytes.count else {
                throw RegistryError(.internalError, "pack_failed", "\(member.path) cannot be written to the package.")
            }
        }
        try check(archive_write_close(archive))
    }
}
