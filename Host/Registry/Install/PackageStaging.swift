package import Core
import Manifests

/// A package unpacked in the staging folder, with everything about it checked that can be checked without running it.
package struct StagedPackage: Sendable {
    package let manifest: Manifest
    package let folderPath: String
    /// The library for this machine.
    package let libraryPath: String
    /// Who signed META/MANIFEST.json; nil when nobody did and that was allowed.
    let signer: PublicKey?
    let contentDigest: SHA256Digest
    let list: PackageManifest
    let warnings: [String]
}

/// Unpacks a package whose hash is already known to be right, and decides whether to believe it.
struct PackageStaging {
    /// What the index, or the lack of one, says about the package.
    struct Expectation {
        var name: PluginName?
        var version: SemanticVersion?
        var manifestDigest: SHA256Digest?
        var publisherKey: String?
        var unpackedBytes: Int?
        /// Who may sign it.
        var keys: [PublicKey]
        var unsigned: UnsignedRule
    }

    let platform: HostPlatform
    let expectation: Expectation

    private static let maxManifestBytes = 256 << 10

    /// `package`: an open file of `size` bytes; `folder`: empty.
    func run(_ package: OpenFile, size: Int, into folder: Folder) throws -> StagedPackage {
        let files = try unpack(package, size: size, into: folder)
        let listBytes = try read(PackagePath.fileList, of: files, in: folder, maxBytes: PackageManifest.maxBytes)
        let signer = try checkSignature(of: listBytes, files: files, in: folder)
        let contentDigest = SHA256Digest(of: listBytes)
        if let expected = expectation.manifestDigest, expected != contentDigest {
            throw RegistryError.modified("META/MANIFEST.json is not the one the index names")
        }
        let list = try PackageManifest(listBytes)
        let differences = list.differences(from: files)
        guard differences.isEmpty else { throw RegistryError.modified(differences.prefix(5).joined(separator: "; ")) }
        let (manifest, warnings) = try readManifest(files, in: folder)
        try checkIdentity(manifest, list)
        try Compatibility(platform: platform).check(manifest, in: folder, files: files)
        return StagedPackage(
            manifest: manifest,
            folderPath: folder.path,
            libraryPath: folder.path + "/" + (manifest.entry[platform.name] ?? ""),
            signer: signer,
            contentDigest: contentDigest,
            list: list,
            warnings: warnings
        )
    }

    private func unpack(_ package: OpenFile, size: Int, into folder: Folder) throws -> [UnpackedFile] {
        var limits = ArchiveLimits()
        if let unpacked = expectation.unpackedBytes {
            limits.maxUnpackedBytes = min(max(0, unpacked), limits.maxUnpackedBytes)
        }
        let name = ".package.tar"
        let tar = try folder.createFile(name, mode: 0o600)
        // Only the descriptor keeps it: a crash leaves no tar behind, and no name of the package can be this one.
        try folder.removeIfPresent(name)
        let tarBytes = try Decompression(package: package, packedBytes: size, limits: limits).run(into: tar)
        let members = try TarScan(file: tar, size: tarBytes, limits: limits).members()
        return try ArchiveExtraction(tar: tar, members: members, root: folder).run()
    }

    private func read(_ path: String, of files: [UnpackedFile], in folder: Folder, maxBytes: Int) throws -> [UInt8] {
        guard let file = files.first(where: { $0.path == path }) else {
            throw RegistryError.archive("\(path) is missing")
        }
        guard file.size <= maxBytes else { throw RegistryError.archive("\(path) has more than \(maxBytes) bytes") }
        let parts = path.split(separator: "/").map(String.init)
        let parent = try parts.dropLast().reduce(folder) { try $0.folder($1) }
        return try parent.openFile(parts.last ?? path).readAll(maxBytes: maxBytes)
    }

    private func checkSignature(of list: [UInt8], files: [UnpackedFile], in folder: Folder) throws -> PublicKey? {
        let subject = "The package" + (expectation.name.map { " \($0)" } ?? "")
        guard files.contains(where: { $0.path == PackagePath.signature }) else {
            try expectation.unsigned.check(subject)
            return nil
        }
        let bytes = try read(PackagePath.signature, of: files, in: folder, maxBytes: SignatureFile.maxBytes)
        let signer = try SignatureFile(bytes, of: subject).signer(
            of: list,
            as: .manifest,
            among: expectation.keys,
            subject: subject
        )
        if let expected = expectation.publisherKey, expected != signer.id {
            throw RegistryError.modified(
                "the index says key \(expected.quotedForMessage(limit: 20)) signed it, \(signer.id) did"
            )
        }
        return signer
    }

    private func readManifest(_ files: [UnpackedFile], in folder: Folder) throws -> (Manifest, [String]) {
        let bytes = try read(PackagePath.manifest, of: files, in: folder, maxBytes: Self.maxManifestBytes)
        do {
            let (manifest, warnings) = try ManifestReader.read(bytes: bytes, source: PackagePath.manifest)
            return (manifest, warnings)
        } catch { throw RegistryError.archive("\(error)") }
    }

    private func checkIdentity(_ manifest: Manifest, _ list: PackageManifest) throws {
        let found = "\(manifest.name) \(manifest.version)"
        guard manifest.name == list.name, manifest.version == list.version else {
            throw RegistryError.archive(
                "skill.yaml says \(found), META/MANIFEST.json says \(list.name) \(list.version)"
            )
        }
        if let name = expectation.name, let version = expectation.version,
            name != manifest.name || version != manifest.version
        {
            throw RegistryError.archive("skill.yaml says \(found), the index says \(name) \(version)")
        }
    }
}
