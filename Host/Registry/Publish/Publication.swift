import Core
package import PraximousJSON

/// Packages on their way into a static store: what would change in its index, and then the change itself.
///
/// A version that the index lists is never changed: hosts that have seen it hold what they saw to be true.
package struct Publication: Sendable {
    package let packages: [PackedPackage]
    /// Where each of them goes, below registry/packages.
    private let files: [String]
    /// The store's folder: skills.json, and registry/packages below it.
    package let store: String
    package let old: JSON
    package let new: JSON
    private let now: Timestamp
    private let expires: Timestamp

    package var indexPath: String { store + "/skills.json" }
    package var isChange: Bool { old != new }

    /// `publisherKeys`: keys that may become those of an owner whom the index does not know.
    package init(
        _ packages: [PackedPackage],
        into store: String,
        publisherKeys: [PublicKey],
        now: Timestamp,
        expires: Timestamp
    ) throws {
        self.packages = packages
        self.store = store
        (self.now, self.expires) = (now, expires)
        old = try Self.index(of: store)
        var shelf = PackageShelf(path: store + "/registry/packages", urlPrefix: "registry/packages/", index: old)
        files = packages.map { shelf.place($0.fileName, of: $0.built.manifest.name) }
        let urls = Dictionary(zip(packages.map(\.built.path), files.map(shelf.url))) { first, _ in first }
        var publishers = old["publishers"]?.objectValue ?? [:]
        var listed = old["packages"]?.objectValue ?? [:]
        var isChanged = false
        let groups = Dictionary(grouping: packages) { "\($0.built.manifest.name) \($0.built.manifest.version)" }
        for (_, group) in groups.sorted(by: { $0.key < $1.key }) {
            let manifest = group[0].built.manifest
            let name = manifest.name.description
            if try Self.isListed(group, in: listed[name]) { continue }
            let signer = try Self.signer(of: group, publishers: &publishers, publisherKeys)
            let version = VersionObject(published: now, publisherKey: signer.id)
                .json(of: group.map { ($0.built, urls[$0.built.path] ?? "") }, old: nil)
            listed[name] = Self.adding(version, of: manifest, to: listed[name])
            isChanged = true
        }
        try Self.check(files, of: packages, in: store)
        guard isChanged else {
            new = old
            return
        }
        var index = old.objectValue ?? [:]
        index["format"] = 1
        index["version"] = .integer(max((old["version"]?.intValue ?? 0) + 1, Int(now.seconds)))
        index["generated"] = .string(now.description)
        index["expires"] = .string(expires.description)
        index["publishers"] = .object(publishers)
        index["packages"] = .object(listed)
        index["revoked"] = old["revoked"] ?? ["sha256": [], "keys": []]
        new = .object(index)
    }

    private static func index(of store: String) throws -> JSON {
        guard let folder = try Folder.openIfPresent(store), try folder.status("skills.json") != nil else { return [:] }
        return try JSON.parse(folder.openFile("skills.json").readAll(maxBytes: IndexReader.maxBytes))
    }

    /// A file that is there and that the index says nothing about must not be written over.
    private static func check(_ files: [String], of packages: [PackedPackage], in store: String) throws {
        for (package, file) in zip(packages, files) {
            guard let folder = try Folder.openIfPresent(parent(of: file, in: store)),
                try folder.status(package.fileName) != nil,
                try SHA256Digest.ofFile(folder.openFile(package.fileName)).0 != package.built.digest
            else { continue }
            throw RegistryError(
                .conflict,
                "package_file_taken",
                "The store has another package in the file \(file).",
                hint: "Rename this one's file; the index goes by what is in it."
            )
        }
    }

    private static func parent(of file: String, in store: String) -> String {
        (["\(store)/registry/packages"] + file.split(separator: "/").dropLast().map(String.init)).joined(separator: "/")
    }

    /// Whether the index has all of them; refuses what would change a version that is there.
    private static func isListed(_ group: [PackedPackage], in package: JSON?) throws -> Bool {
        let manifest = group[0].built.manifest
        let version = package?["versions"]?.arrayValue?.first {
            $0["version"]?.stringValue == manifest.version.description
        }
        guard let version else { return false }
        let digests = Set((version["artifacts"]?.arrayValue ?? []).compactMap { $0["sha256"]?.stringValue })
        guard let other = group.first(where: { !digests.contains($0.built.digest.hex) }) else { return true }
        throw RegistryError(
            .conflict,
            "version_immutable",
            "The index lists \(manifest.name) \(manifest.version) already, and not with \(other.built.platform) "
                + "sha256:\(other.built.digest.hex.prefix(12)).",
            hint: "A version never changes, and all its platforms are published at once: raise `version` in "
                + "skill.yaml, build and pack again."
        )
    }

    /// The one key that has signed them and may; a new owner's is taken from `publisherKeys`.
    private static func signer(
        of group: [PackedPackage],
        publishers: inout JSONObject,
        _ publisherKeys: [PublicKey]
    ) throws -> PublicKey {
        let owner = group[0].built.manifest.name.owner
        let known = (publishers[owner]?["keys"]?.arrayValue ?? []).compactMap { key in
            key["ed25519"]?.stringValue.flatMap { PublicKey(text: $0) }
        }
        let isNew = publishers[owner] == nil
        let signers = try group.map { try $0.signer(among: isNew ? publisherKeys : known) }
        guard let signer = signers.first, signers.allSatisfy({ $0 == signer }) else {
            throw RegistryError(
                .verificationFailed,
                "several_signers",
                "The packages of \(group[0].built.manifest.name) are signed by different keys.",
                hint: "Sign all platforms of a version with one key."
            )
        }
        guard isNew else { return signer }
        publishers[owner] = [
            "name": .string(owner), "tier": "verified",
            "keys": [["id": .string(signer.id), "ed25519": .string(signer.base64)]],
        ]
        return signer
    }

    private static func adding(_ version: JSON, of manifest: Manifest, to package: JSON?) -> JSON {
        var versions = package?["versions"]?.arrayValue ?? []
        let isNewest = versions.allSatisfy { IndexWriter.number($0) < manifest.version }
        versions.append(version)
        versions.sort { IndexWriter.number($0) > IndexWriter.number($1) }
        var json = package?.objectValue ?? [:]
        if isNewest { for member in VersionObject.about(manifest) { json[member.key] = member.value } }
        json["versions"] = .array(versions)
        return .object(json)
    }

    /// The lines of skills.json that go (`-`) and come (`+`), in order.
    package var difference: [String] {
        func lines(_ json: JSON) -> [Substring] {
            json == [:] ? [] : String(decoding: json.indented(), as: UTF8.self).split(separator: "\n")
        }
        let (before, after) = (lines(old), lines(new))
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in after.difference(from: before) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var output: [String] = []
        var (left, right) = (0, 0)
        while left < before.count || right < after.count {
            if removed.contains(left) {
                output.append("-" + before[left])
                left += 1
            } else if inserted.contains(right) {
                output.append("+" + after[right])
                right += 1
            } else {
                (left, right) = (left + 1, right + 1)
            }
        }
        return output
    }

    /// Copies the packages, then writes the index that names them, then its signature and, where the store has a root,
    /// its timestamp.
    ///
    /// Returns what is left for others to do.
    package func write(signing key: SigningKey?) throws -> [String] {
        for (package, file) in zip(packages, files) {
            let bytes = try OpenFile.reading(package.built.path).readAll(maxBytes: ArchiveLimits().maxPackedBytes)
            guard SHA256Digest(of: bytes) == package.built.digest else {
                throw RegistryError.modified("\(package.built.path) has changed since it was read")
            }
            try Folder.make(Self.parent(of: file, in: store)).replaceFile(package.fileName, with: bytes)
        }
        try Folder.make(store).replaceFile("skills.json", with: new.indented())
        guard let key else { return [] }
        try StoreBuilder.sign(indexPath, with: key)
        return try StoreTrust(index: indexPath).renewTimestamp(of: indexPath, by: key, now: now, expires: expires)
    }
}
