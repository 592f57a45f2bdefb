import Core
import Manifests

/// A package file that was read back, checked against its own list.
package struct PackedPackage: Sendable {
    package let built: BuiltPackage
    package let list: PackageManifest
    let listBytes: [UInt8]
    /// nil when nobody has signed it.
    let signature: SignatureFile?

    private static let maxManifestBytes = 256 << 10

    package var isSigned: Bool { signature != nil }
    /// `acme/weather 2.1.0 linux-x86_64`.
    package var title: String { "\(built.manifest.name) \(built.manifest.version) \(built.platform)" }

    /// Its name in a store.
    var fileName: String { String(built.path.split(separator: "/").last ?? "") }

    /// Reads the package at `path`; its files are left in `scratch`, an empty folder.
    ///
    /// Throws for what an installation would refuse about the archive; nothing is said about who signed it.
    package init(_ path: String, unpackedInto scratch: String) throws {
        let file = try OpenFile.reading(path)
        let (digest, size) = try SHA256Digest.ofFile(file)
        let folder = try Folder.open(scratch)
        let files = try Self.unpack(file, size: size, into: folder)
        let meta = try folder.folder("META")
        listBytes = try meta.openFile("MANIFEST.json").readAll(maxBytes: PackageManifest.maxBytes)
        list = try PackageManifest(listBytes)
        let differences = list.differences(from: files)
        guard differences.isEmpty else { throw RegistryError.modified(differences.prefix(5).joined(separator: "; ")) }
        let isSigned = files.contains { $0.path == PackagePath.signature }
        signature =
            isSigned
            ? try SignatureFile(
                meta.openFile("MANIFEST.sig").readAll(maxBytes: SignatureFile.maxBytes),
                of: "the package"
            ) : nil
        let bytes = try folder.openFile(PackagePath.manifest).readAll(maxBytes: Self.maxManifestBytes)
        let manifest: Manifest
        do { manifest = try ManifestReader.read(bytes: bytes, source: PackagePath.manifest).manifest } catch {
            throw RegistryError.archive("\(error)")
        }
        guard manifest.name == list.name, manifest.version == list.version else {
            throw RegistryError.archive(
                "skill.yaml says \(manifest.name) \(manifest.version), META/MANIFEST.json says "
                    + "\(list.name) \(list.version)"
            )
        }
        let platforms = manifest.entry.filter { entry in files.contains { $0.path == entry.value } }.keys.sorted()
        guard let platform = platforms.first, platforms.count == 1 else {
            throw RegistryError.archive(
                platforms.isEmpty
                    ? "it holds none of the libraries that skill.yaml names"
                    : "it holds libraries for \(platforms.joined(separator: " and "))"
            )
        }
        built = BuiltPackage(
            manifest: manifest,
            platform: platform,
            path: path,
            size: size,
            unpackedBytes: files.reduce(0) { $0 + $1.size },
            digest: digest,
            manifestDigest: SHA256Digest(of: listBytes)
        )
    }

    private static func unpack(_ package: OpenFile, size: Int, into folder: Folder) throws -> [UnpackedFile] {
        let limits = ArchiveLimits()
        let name = ".package.tar"
        let tar = try folder.createFile(name, mode: 0o600)
        try folder.removeIfPresent(name)
        let tarBytes = try Decompression(package: package, packedBytes: size, limits: limits).run(into: tar)
        let members = try TarScan(file: tar, size: tarBytes, limits: limits).members()
        return try ArchiveExtraction(tar: tar, members: members, root: folder).run()
    }

    /// Writes it anew with the signature of a key; the same as if it had been packed with that key.
    ///
    /// `scratch` is where its files were left.
    package func signed(with key: SigningKey, from scratch: String, to path: String) throws -> BuiltPackage {
        let builder = PackageBuilder(key: key, time: Timestamp(list.created) ?? Timestamp(seconds: 0))
        return try builder.build(PackageTree(scratch), platform: built.platform, to: path)
    }

    /// The key among these that signed it.
    func signer(among keys: [PublicKey]) throws -> PublicKey {
        guard let signature else {
            throw RegistryError(
                .verificationFailed,
                "package_unsigned",
                "\(title) is not signed.",
                hint: "Sign it first: prax-host plugins sign \(built.path) --key FILE"
            )
        }
        return try signature.signer(of: listBytes, as: .manifest, among: keys, subject: title)
    }
}
