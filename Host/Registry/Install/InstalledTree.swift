/// What really lies in an installed folder, read without following links.
struct InstalledTree {
    /// Regular files with their hashes, sorted by path.
    private(set) var files: [UnpackedFile] = []
    /// Links, devices and other things that no package brings.
    private(set) var strangers: [String] = []

    private static let maxDepth = PackagePath.maxDepth + 1

    init(_ folder: Folder) throws { try read(folder, prefix: "", depth: 0) }

    private mutating func read(_ folder: Folder, prefix: String, depth: Int) throws {
        for name in try folder.names() {
            let path = prefix + name
            guard let status = try folder.status(name) else { continue }
            if status.isFolder, depth < Self.maxDepth {
                try read(folder.folder(name), prefix: path + "/", depth: depth + 1)
            } else if status.isRegular {
                let (digest, size) = try SHA256Digest.ofFile(folder.openFile(name))
                files.append(UnpackedFile(path: path, size: size, digest: digest, mode: status.permissions))
            } else {
                strangers.append(path)
            }
        }
    }
}
