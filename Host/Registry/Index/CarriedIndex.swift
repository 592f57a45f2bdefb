import Core
import Egress

/// An index and all that vouches for it, from the first root on, to be used elsewhere: in a mirror or a bundle.
struct CarriedIndex: Sendable {
    static let index = "skills.json"
    static let signature = "registry/skills.json.sig"

    /// By path, with the index as skills.json.
    let files: [String: [UInt8]]

    /// What a file of a store is called when it is carried.
    static func name(of file: String, in source: IndexSource) -> String {
        switch file {
        case source.fileName: index
        case "registry/\(source.fileName).sig": signature
        default: file
        }
    }

    /// Whether a carried store may hold a file of this path.
    static func isName(_ path: String) -> Bool { maxBytes(of: path) != nil }

    /// How long such a file may be; nil where none may be of that path.
    static func maxBytes(of path: String) -> Int? {
        switch path {
        case index: return IndexReader.maxBytes
        case "registry/timestamp.json": return TimestampFile.maxBytes
        case signature, "registry/timestamp.json.sig": return SignatureFile.maxBytes
        default: break
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "registry" else { return nil }
        let isSignature = parts[1].hasSuffix(".sig")
        let root = isSignature ? parts[1].dropLast(4) : parts[1]
        let number = root.hasSuffix(".root.json") ? String(root.dropLast(".root.json".count)) : ""
        // One spelling, and no more of them than a host follows.
        guard let version = Int(number), (1...TrustRoot.maxRotations).contains(version), "\(version)" == number else {
            return nil
        }
        return isSignature ? SignatureFile.maxBytes : TrustRoot.maxBytes
    }
}

extension IndexClient {
    /// The one index that offers all of these packages, as what is carried must be vouched for by one; the first when
    /// none is named.
    func only(for references: [PackageReference], allowUnsigned: Bool) async throws -> LoadedIndex {
        var session = IndexSession(layout: layout, entries: policy.entries) { entry in
            try await fetch(entry, allowUnsigned: allowUnsigned)
        }
        guard let reference = references.first else {
            return try await fetch(policy.entries[0], allowUnsigned: allowUnsigned)
        }
        let first = try await session.index(for: reference)
        for reference in references.dropFirst() {
            let other = try await session.index(for: reference)
            guard other.name == first.name else {
                throw RegistryError(
                    .usage,
                    "several_indexes",
                    "The packages come from the indexes \(first.name) and \(other.name).",
                    hint: "Carry those of each index by themselves."
                )
            }
        }
        return first
    }

    /// The files that were believed, and the roots before those, which another host may need.
    func carry(_ loaded: LoadedIndex) async throws -> CarriedIndex {
        var files: [String: [UInt8]] = [:]
        for (name, bytes) in loaded.files { files[CarriedIndex.name(of: name, in: loaded.source)] = bytes }
        let store =
            policy.isOffline && loaded.source.address.scheme != "file"
            ? IndexFiles.kept(IndexCache(layout: layout, source: loaded.source))
            : .remote(loaded.source, downloader, EntityTags(IndexCache(layout: layout, source: loaded.source)))
        for version in 1...TrustRoot.maxRotations {
            let name = "registry/\(version).root.json"
            guard files[name] == nil else { continue }
            guard let bytes = try await store.read(name, TrustRoot.maxBytes),
                let signature = try await store.read(name + ".sig", SignatureFile.maxBytes)
            else { break }
            files[name] = bytes
            files[name + ".sig"] = signature
        }
        return CarriedIndex(files: files.filter { CarriedIndex.isName($0.key) })
    }
}
