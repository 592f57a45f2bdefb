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
    /// Whether a version that the index lists may be built anew.
    let replaces: Bool

    package init(
        key: SigningKey,
        generated: Timestamp,
        expires: Timestamp,
        indexVersion: Int,
        replaces: Bool = false
    ) {
        self.key = key
        self.generated = generated
        self.expires = expires
        self.indexVersion = indexVersion
        self.replaces = replaces
    }

    /// Packs every tree below `sources` into `output`/packages and writes the index to `indexPath` with URLs relative
    /// to it.
    ///
    /// Versions that an older index lists and whose packages are still there stay in, as they are.
    package func build(sources: String, output: String, indexPath: String) throws -> Report {
        let packagesPath = output + "/packages"
        let prefix = try Self.relative(packagesPath, to: indexPath)
        let found = try Self.read(indexPath)
        var shelf = PackageShelf(path: packagesPath, urlPrefix: prefix, index: found)
        let old = try Self.without(missingOf: shelf, found)
        var notes: [String] = []
        var shelved: [ShelvedPackage] = []
        for tree in try trees(below: sources) {
            notes += tree.warnings
            if !tree.leftOut.isEmpty { notes.append("\(tree.path): left out \(tree.leftOut.joined(separator: ", ")).") }
            for platform in tree.platforms {
                guard !shelved.contains(where: { $0.built.isSame(as: tree.manifest, platform) }) else {
                    throw RegistryError(
                        .conflict,
                        "package_twice",
                        "\(tree.manifest.name) \(tree.manifest.version) for \(platform) is built from two folders.",
                        hint: "Raise `version` in one of them, or take one away."
                    )
                }
                shelved.append(try shelve(tree, platform, on: &shelf, old: old))
            }
        }
        let bytes = IndexWriter(builder: self).index(of: shelved, old: old).indented()
        let (folder, name) = try Self.split(indexPath)
        try folder.replaceFile(name, with: bytes)
        try Self.sign(indexPath, with: key)
        notes += try StoreTrust(index: indexPath)
            .renewTimestamp(of: indexPath, by: key, now: generated, expires: expires)
        return Report(packages: shelved.map(\.built), indexPath: indexPath, notes: notes)
    }

    /// The package of a tree: the published one where there is one, else a new one.
    private func shelve(
        _ tree: PackageTree,
        _ platform: String,
        on shelf: inout PackageShelf,
        old: JSON
    ) throws -> ShelvedPackage {
        let name = tree.manifest.name
        let versions = old["packages"]?[name.description]?["versions"]?.arrayValue ?? []
        let published = versions.first { $0["version"]?.stringValue == tree.manifest.version.description }
        if let published, !replaces {
            let version = PublishedVersion(json: published, name: name, shelf: shelf)
            return ShelvedPackage(built: try version.package(like: tree, platform: platform), url: "", isNew: false)
        }
        let file = shelf.place(PackageBuilder.fileName(tree.manifest, platform), of: name)
        let built = try PackageBuilder(key: key, time: generated)
            .build(tree, platform: platform, to: shelf.path(of: file))
        return ShelvedPackage(built: built, url: shelf.url(of: file), isNew: true)
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

    private static func read(_ indexPath: String) throws -> JSON {
        let (folder, name) = try split(indexPath)
        guard try folder.status(name) != nil else { return [:] }
        return try JSON.parse(folder.openFile(name).readAll(maxBytes: IndexReader.maxBytes))
    }

    /// An index without versions whose packages are gone.
    private static func without(missingOf shelf: PackageShelf, _ index: JSON) throws -> JSON {
        guard var json = index.objectValue, !json.isEmpty else { return [:] }
        var kept = JSONObject()
        for member in index["packages"]?.objectValue ?? [:] {
            let versions = try (member.value["versions"]?.arrayValue ?? []).filter { version in
                try (version["artifacts"]?.arrayValue ?? []).allSatisfy { artifact in
                    try shelf.file(of: artifact).map(shelf.has) ?? true
                }
            }
            guard !versions.isEmpty, var package = member.value.objectValue else { continue }
            package["versions"] = .array(versions)
            kept[member.key] = .object(package)
        }
        json["packages"] = .object(kept)
        return .object(json)
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

/// A package in its place in a store.
struct ShelvedPackage {
    let built: BuiltPackage
    /// From the index; only a new one's is written there.
    let url: String
    /// Whether it was built just now, and not published before.
    let isNew: Bool
}

extension BuiltPackage {
    fileprivate func isSame(as other: Manifest, _ platform: String) -> Bool {
        manifest.name == other.name && manifest.version == other.version && self.platform == platform
    }
}
