import Core
import Egress

/// Indexes without a network: copies kept from before, and those that came in a bundle, checked whenever they are used.
extension IndexClient {
    /// How old an index may be that was carried to this machine, where the operator says nothing of it.
    private static let carriedDays = 30

    /// The copies for looking around, however old; without those that are not there, have more than `maxBytes`, or
    /// cannot be believed.
    package func keptForBrowsing(maxBytes: Int = IndexReader.maxBytes) async -> StoreIndexes {
        var loaded: [LoadedIndex] = []
        for entry in policy.entries {
            if let index = try? await kept(entry, maxBytes: maxBytes) { loaded.append(index) }
        }
        return StoreIndexes(loaded)
    }

    private func kept(_ entry: IndexEntry, maxBytes: Int) async throws -> LoadedIndex? {
        let source = try IndexSource(entry.address)
        let cache = IndexCache(layout: layout, source: source)
        let files = source.address.scheme == "file" ? IndexFiles.local(source) : .kept(cache)
        guard let bytes = try await files.read(source.fileName, IndexReader.maxBytes), bytes.count <= maxBytes else {
            return nil
        }
        let folder = try Folder.openIfPresent(layout.dataFolder)
        let memory = try folder.map { try IndexState(folder: $0).memory(of: entry.memoryName(source)) }
        let run = Run(entry: entry, source: source, isLenient: true, allowUnsigned: true)
        return try await acquire(
            run,
            from: files,
            cache,
            memory ?? IndexMemory(),
            { _ in },
            isCached: true,
            reading: Self.whole
        )
    }

    /// Checks an index that came in a bundle as one that was fetched, and remembers its versions.
    ///
    /// Nobody signs the address in a bundle: it is believed for the first entry whose keys or root vouch for it.
    func adopt(
        _ files: [String: [UInt8]],
        address: String,
        allowUnsigned: Bool,
        isLenient: Bool = false
    ) async throws -> LoadedIndex {
        let source = try IndexSource(address)
        let bundle = IndexFiles.carried(files, as: source)
        let cache = IndexCache(layout: layout, source: source)
        let state = isLenient ? nil : IndexState(folder: try Folder.make(layout.dataFolder))
        let entries = policy.entries.sorted { $0.address == address && $1.address != address }
        var failure: (any Error)?
        for entry in entries {
            let isNamed = entry.name != IndexEntry.defaultName
            let name = isNamed ? entry.name : entry.memoryName(source)
            var run = Run(entry: entry, source: source, isLenient: isLenient, allowUnsigned: allowUnsigned)
            run.minAgeDays = Self.carriedDays
            do {
                let memory = try state?.memory(of: name) ?? IndexMemory()
                return try await acquire(
                    run,
                    from: bundle,
                    cache,
                    memory,
                    { try state?.remember($0, of: name) },
                    isCached: true,
                    reading: Self.whole
                )
            } catch let error as RegistryError where error.code == "key_unknown" {
                failure = failure ?? error
            }
        }
        throw failure ?? RegistryError.index("nothing here vouches for it")
    }
}

extension IndexFiles {
    /// From a store in a folder of this machine.
    static func local(_ source: IndexSource) -> IndexFiles {
        IndexFiles { name, maxBytes in
            guard let path = try source.file(name).filePath else { return nil }
            do {
                let file = try OpenFile.reading(path, followsLinks: true)
                guard try file.status().size <= maxBytes else {
                    throw RegistryError(DownloadError.tooLarge(place: path, maxBytes: maxBytes))
                }
                return try file.readAll(maxBytes: maxBytes)
            } catch let error as RegistryError
                where error.exitCode == .notFound
            { return nil }
        }
    }

    /// From the files of a bundle, in which an index is called skills.json whatever it was called before.
    static func carried(_ files: [String: [UInt8]], as source: IndexSource) -> IndexFiles {
        IndexFiles { name, maxBytes in
            guard let bytes = files[CarriedIndex.name(of: name, in: source)] else { return nil }
            guard bytes.count <= maxBytes else { throw RegistryError.bundle("\(name) has more than \(maxBytes) bytes") }
            return bytes
        }
    }
}
