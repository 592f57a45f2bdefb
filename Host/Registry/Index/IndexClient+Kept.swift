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

    /// Which store a carried index is taken for, and under which name what was seen of it is remembered.
    ///
    /// Nobody signs the address in a bundle, so that alone must not choose the memory: an old index could be brought in
    /// under a new address. What keys of a store that was seen have signed is held against what was seen of it.
    private func place(
        of files: [String: [UInt8]],
        in entry: IndexEntry,
        _ carried: IndexSource,
        _ state: IndexState?
    ) throws -> (source: IndexSource, memory: String) {
        guard let own = try? IndexSource(entry.address) else { return (carried, entry.memoryName(carried)) }
        if entry.isNamed || own == carried { return (own, entry.memoryName(own)) }
        let signature = files[CarriedIndex.signature].flatMap { try? SignatureFile($0, of: "the index") }
        let signers = Set(signature?.entries.map(\.keyID) ?? [])
        let memory = try state?.memory(of: entry.memoryName(own)) ?? IndexMemory()
        let root = try memory.root.map { try TrustRoot(Array($0.utf8)) }
        let known = Set(memory.signers + (root?.index.keys.map(\.id) ?? []))
        if !signers.isDisjoint(with: known) { return (own, entry.memoryName(own)) }
        return (carried, "carried by " + signers.sorted().joined(separator: ", "))
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
        let carried = try IndexSource(address)
        let state = isLenient ? nil : IndexState(folder: try Folder.make(layout.dataFolder))
        func isMeant(_ entry: IndexEntry) -> Bool { (try? IndexSource(entry.address)) == carried }
        var failure: RegistryError?
        for entry in policy.entries.filter(isMeant) + policy.entries.filter({ !isMeant($0) }) {
            let place = try place(of: files, in: entry, carried, state)
            var run = Run(entry: entry, source: place.source, isLenient: isLenient, allowUnsigned: allowUnsigned)
            run.minAgeDays = Self.carriedDays
            let cache = IndexCache(layout: layout, source: place.source)
            do {
                let loaded = try await acquire(
                    run,
                    from: .carried(files, as: place.source),
                    cache,
                    try state?.memory(of: place.memory) ?? IndexMemory(),
                    { try state?.remember($0, of: place.memory) },
                    isCached: true,
                    reading: Self.whole
                )
                // For lists and audits without a network.
                if !isLenient { try cache.store(loaded.files) }
                return loaded
            } catch let error as RegistryError {
                // What the index it names, or one that knows its keys, has against it says more than a stranger.
                if failure == nil || failure?.code == "key_unknown" { failure = error }
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
