import Core
import PraximousJSON

/// Builds a whole static store: packages, the index that lists them, and its signature.
package struct StoreBuilder: Sendable {
    package struct Report: Sendable {
        package let packages: [BuiltPackage]
        package let indexPath: String
        package let notes: [String]
    }

    let key: SigningKey
    let generated: Timestamp
    let expires: Timestamp
    /// The index's version; it must never go back.
    let indexVersion: Int

    package init(key: SigningKey, generated: Timestamp, expires: Timestamp, indexVersion: Int) {
        self.key = key
        self.generated = generated
        self.expires = expires
        self.indexVersion = indexVersion
    }

    /// Packs every tree below `sources` into `output`/packages and writes the index to `indexPath` with URLs relative
    /// to it.
    ///
    /// Versions that an older index lists and whose packages are still there stay in.
    package func build(sources: String, output: String, indexPath: String) throws -> Report {
        let packagesPath = output + "/packages"
        let prefix = try Self.relative(packagesPath, to: indexPath)
        var notes: [String] = []
        var built: [BuiltPackage] = []
        for tree in try trees(below: sources) {
            notes += tree.warnings
            if !tree.leftOut.isEmpty { notes.append("\(tree.path): left out \(tree.leftOut.joined(separator: ", ")).") }
            for platform in tree.platforms {
                let path = packagesPath + "/" + PackageBuilder.fileName(tree.manifest, platform)
                guard !built.contains(where: { $0.path == path }) else {
                    throw RegistryError(
                        .conflict,
                        "package_twice",
                        "\(tree.manifest.name) \(tree.manifest.version) for \(platform) is built from two folders, or "
                            + "another owner has a package of that name."
                    )
                }
                built.append(try PackageBuilder(key: key, time: generated).build(tree, platform: platform, to: path))
            }
        }
        let old = try oldIndex(indexPath: indexPath, packages: packagesPath, prefix: prefix)
        let bytes = IndexWriter(builder: self, urlPrefix: prefix).index(of: built, old: old).indented()
        let (folder, name) = try Self.split(indexPath)
        try folder.replaceFile(name, with: bytes)
        try Self.sign(indexPath, with: key)
        notes += try StoreTrust(index: indexPath)
            .renewTimestamp(of: indexPath, by: key, now: generated, expires: expires)
        return Report(packages: built, indexPath: indexPath, notes: notes)
    }

    /// Signs an index that was edited by hand, say to take a version back; returns the path of the signature, which
    /// lies in the folder `registry` beside the index.
    ///
    /// Where the store's root asks for several signatures, those of the others stay while they fit the bytes.
    @discardableResult
    package static func sign(_ path: String, with key: SigningKey) throws -> String {
        let bytes = try OpenFile.reading(path).readAll(maxBytes: IndexReader.maxBytes)
        var reader = IndexReader()
        _ = try reader.read(bytes)
        let name = try split(path).name
        let trust = StoreTrust(index: path)
        let folder = try Folder.make(trust.path)
        var file = SignatureFile(role: .index, entries: [])
        if let role = try trust.root()?.index, role.threshold > 1, try folder.status(name + ".sig") != nil {
            let old = try folder.openFile(name + ".sig").readAll(maxBytes: SignatureFile.maxBytes)
            file = try SignatureFile(old, of: "the index").keeping(role, for: bytes)
        }
        try folder.replaceFile(name + ".sig", with: file.adding([key], to: bytes).encoded())
        return "\(trust.path)/\(name).sig"
    }

    /// `sources` itself when it is a tree, else the trees directly below it.
    private func trees(below sources: String) throws -> [PackageTree] {
        let folder = try Folder.open(sources)
        if try folder.status(PackagePath.manifest) != nil { return [try PackageTree(sources)] }
        let trees = try folder.names().compactMap { name -> PackageTree? in
            guard try folder.status(name)?.isFolder == true,
                try folder.folder(name).status(PackagePath.manifest) != nil
            else { return nil }
            return try PackageTree(sources + "/" + name)
        }
        for tree in trees where tree.platforms.isEmpty {
            let entries = tree.manifest.entry.values.sorted().joined(separator: ", ")
            throw RegistryError(
                .notFound,
                "no_library",
                "\(tree.path) holds none of the libraries its skill.yaml names: \(entries).",
                hint: "A package keeps its library below lib/, such as lib/linux-x86_64/skill.so: build it there, "
                    + "and let skill.yaml's `entry` say so."
            )
        }
        guard !trees.isEmpty else {
            throw RegistryError(.notFound, "no_packages", "There is no folder with a skill.yaml below \(sources).")
        }
        return trees
    }

    /// The index that is there, without versions whose packages are gone.
    private func oldIndex(indexPath: String, packages: String, prefix: String) throws -> JSON {
        let (folder, name) = try Self.split(indexPath)
        guard try folder.status(name) != nil else { return [:] }
        let json = try JSON.parse(folder.openFile(name).readAll(maxBytes: IndexReader.maxBytes))
        let files = Set(try Folder.openIfPresent(packages)?.names() ?? [])
        var kept = JSONObject()
        for member in json["packages"]?.objectValue ?? [:] {
            let versions = (member.value["versions"]?.arrayValue ?? []).filter { version in
                (version["artifacts"]?.arrayValue ?? []).allSatisfy { artifact in
                    guard let url = artifact["url"]?.stringValue, url.hasPrefix(prefix) else { return true }
                    return files.contains(String(url.dropFirst(prefix.count)))
                }
            }
            guard !versions.isEmpty, var package = member.value.objectValue else { continue }
            package["versions"] = .array(versions)
            kept[member.key] = .object(package)
        }
        var index = json.objectValue ?? [:]
        index["packages"] = .object(kept)
        return .object(index)
    }

    /// The way from the folder of `index` to `folder`, with a slash at its end.
    private static func relative(_ folder: String, to index: String) throws -> String {
        func parts(_ path: String) -> [Substring] { path.split(separator: "/").filter { $0 != "." } }
        let base = parts(index).dropLast()
        let target = parts(folder)
        guard index.hasPrefix("/") == folder.hasPrefix("/"), target.starts(with: base) else {
            throw RegistryError(
                .usage,
                "packages_outside",
                "The packages in \(folder) must lie below the folder of the index \(index).",
                hint: "Give --index a path above --out."
            )
        }
        return target.dropFirst(base.count).joined(separator: "/") + "/"
    }

    private static func split(_ path: String) throws -> (folder: Folder, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (try Folder.open("."), path) }
        let folder = slash == path.startIndex ? "/" : String(path[..<slash])
        return (try Folder.make(folder), String(path[path.index(after: slash)...]))
    }
}
