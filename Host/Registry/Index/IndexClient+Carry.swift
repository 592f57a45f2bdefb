import Core
import Egress

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
