package import Core
import Manifests

/// A folder to be packed: skill.yaml and what may stand beside it in a package.
///
/// Sources and notes stay behind.
package struct PackageTree: Sendable {
    package let path: String
    package let manifest: Manifest
    /// Paths of the files that go in, sorted.
    let files: [String]
    /// Names at the top that are not part of a package.
    package let leftOut: [String]
    package let warnings: [String]

    package init(_ path: String) throws {
        let folder = try Folder.open(path)
        guard try folder.status(PackagePath.manifest) != nil else {
            throw RegistryError(
                .notFound,
                "no_manifest",
                "\(path) holds no skill.yaml.",
                hint: "Name the folder of one package, or a folder of such folders with --sources."
            )
        }
        let bytes = try folder.openFile(PackagePath.manifest).readAll(maxBytes: 256 << 10)
        do {
            let read = try ManifestReader.read(bytes: bytes, source: path + "/skill.yaml")
            (manifest, warnings) = (read.manifest, read.warnings)
        } catch { throw RegistryError(.usage, "manifest_malformed", "\(error)", hint: "Correct skill.yaml.") }
        var files: [String] = []
        var leftOut: [String] = []
        for name in try folder.names() where name != "META" {
            let isFolder = try folder.status(name)?.isFolder == true
            if PackagePath.refusal(of: Array(name.utf8), isFolder: isFolder) != nil {
                leftOut.append(name)
            } else if isFolder {
                try Self.collect(folder.folder(name), prefix: name + "/", into: &files)
            } else {
                files.append(name)
            }
        }
        self.path = path
        self.files = files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        self.leftOut = leftOut
    }

    private static func collect(_ folder: Folder, prefix: String, into files: inout [String]) throws {
        for name in try folder.names() {
            let path = prefix + name
            guard let status = try folder.status(name), status.isFolder || status.isRegular else {
                throw RegistryError(
                    .usage,
                    "not_packable",
                    "\(folder.path)/\(name) is neither a file nor a folder.",
                    hint: "Packages hold no links; put the file itself there."
                )
            }
            if let reason = PackagePath.refusal(of: Array(path.utf8), isFolder: status.isFolder) {
                throw RegistryError(.usage, "not_packable", "\(path.quotedForMessage()) cannot be packed: \(reason).")
            }
            if status.isFolder {
                try collect(folder.folder(name), prefix: path + "/", into: &files)
            } else {
                files.append(path)
            }
        }
    }

    /// The platforms whose library is there.
    package var platforms: [String] {
        manifest.entry.keys.sorted().filter { manifest.entry[$0].map(files.contains) ?? false }
    }

    /// The files of one platform: without the libraries of the others.
    func files(for platform: String) -> [String] {
        let others = manifest.entry.keys.filter { $0 != platform }.map { "lib/\($0)/" }
        return files.filter { file in !others.contains { file.hasPrefix($0) } }
    }
}
