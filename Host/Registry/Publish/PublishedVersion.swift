import Core
import PraximousJSON

/// A version that an index lists: hosts that have seen it hold what they saw to be true, so it never changes.
struct PublishedVersion {
    /// Its object in the index.
    let json: JSON
    let name: PluginName
    let shelf: PackageShelf

    /// Its package for a platform, when it holds what would be packed now.
    ///
    /// Who signed it and when is not looked at.
    func package(like tree: PackageTree, platform: String) throws -> BuiltPackage {
        guard let artifact = artifact(for: platform) else { throw immutable("not for \(platform)") }
        guard let file = shelf.file(of: artifact) else { throw immutable("with a package for \(platform) elsewhere") }
        let scratch = ".unpacked"
        let folder = try Folder.make(shelf.path)
        try folder.removeTree(scratch)
        _ = try folder.makeFolder(scratch)
        defer { try? folder.removeTree(scratch) }
        let packed = try PackedPackage(shelf.path(of: file), unpackedInto: folder.path + "/" + scratch)
        guard packed.built.digest.hex == artifact["sha256"]?.stringValue else {
            throw immutable("with other bytes than those of \(file)")
        }
        let files = try PackageBuilder.fileList(of: tree, platform: platform)
        let paths = Set(files.keys).union(packed.list.files.keys).sorted()
        if let path = paths.first(where: { files[$0] != packed.list.files[$0] }) {
            throw immutable("for \(platform) with another \(path)")
        }
        return packed.built
    }

    private func artifact(for platform: String) -> JSON? {
        json["artifacts"]?.arrayValue?.first {
            "\($0["os"]?.stringValue ?? "")-\($0["arch"]?.stringValue ?? "")" == platform
        }
    }

    private func immutable(_ what: String) -> RegistryError {
        RegistryError(
            .conflict,
            "version_immutable",
            "The index lists \(name) \(json["version"]?.stringValue ?? "") already, and \(what).",
            hint:
                "A version never changes, and all its platforms are published at once: raise `version` in skill.yaml. "
                + "If no host has seen it yet, --replace builds it anew."
        )
    }
}
