package import Core
import Egress

/// An index that was checked, and what is known about it.
package typealias LoadedIndex = Loaded<StoreIndex>

/// An index that was checked, as all of it or as what is wanted of it.
package struct Loaded<Contents: IndexContents>: Sendable {
    /// The name of its entry.
    package let name: String
    package let index: Contents
    package let source: IndexSource
    package let trust: TrustLevel
    /// The keys that signed it.
    package let signers: [PublicKey]
    /// Keys that may sign what the index says nothing about.
    let packageKeys: [PublicKey]
    package let warnings: [String]
    /// A copy from before: the store could not be reached, or was not to be asked.
    package let isCached: Bool
    /// Older than what this installation has seen.
    let isBehind: Bool
    /// The files it was believed for, by path beside the index.
    package let files: [String: [UInt8]]

    package var keyID: String? { signers.first?.id }
}

/// How far content is vouched for.
package enum TrustLevel: String, Sendable {
    /// The official store's key.
    case official
    /// A key the operator trusts, or a publisher's key from a trusted index.
    case trusted
    case unsigned
    /// A signed or unsigned file from this machine, outside every index.
    case local
}

/// Fetches one index with what vouches for it, and decides whether to believe it.
package struct IndexClient: Sendable {
    let layout: StoreLayout
    let policy: StorePolicy
    let downloader: Downloader
    let clock: WallClock

    package init(layout: StoreLayout, policy: StorePolicy, clock: WallClock = .system) {
        self.layout = layout
        self.policy = policy
        self.clock = clock
        downloader = Downloader(policy: policy.download)
    }

    /// The index for a new install: fresh, signed, neither expired nor rolled back.
    ///
    /// Offline it is the copy kept from last time, held to the same rules.
    package func fetch(_ entry: IndexEntry, allowUnsigned: Bool = false) async throws -> LoadedIndex {
        let source = try IndexSource(entry.address)
        let name = entry.memoryName(source)
        let state = IndexState(folder: try Folder.make(layout.dataFolder))
        let run = Run(entry: entry, source: source, isLenient: false, allowUnsigned: allowUnsigned)
        let memory = try state.memory(of: name)
        return try await acquire(run, memory: memory, { try state.remember($0, of: name) }, reading: Self.whole)
    }

    /// Every index for looking around; one that cannot be read is left out while another can.
    package func browseAll(
        allowUnsigned: Bool = false
    ) async throws -> (indexes: StoreIndexes, leftOut: [(name: String, error: RegistryError)]) {
        let (loaded, leftOut) = try await browseEach { try await browse($0, allowUnsigned: allowUnsigned) }
        return (StoreIndexes(loaded), leftOut)
    }

    func browseEach<Contents: IndexContents>(
        _ browse: (IndexEntry) async throws -> Loaded<Contents>
    ) async throws -> (indexes: [Loaded<Contents>], leftOut: [(name: String, error: RegistryError)]) {
        var loaded: [Loaded<Contents>] = []
        var leftOut: [(name: String, error: RegistryError)] = []
        for entry in policy.entries {
            do { loaded.append(try await browse(entry)) } catch let error as RegistryError {
                leftOut.append((entry.name, error))
            }
        }
        if loaded.isEmpty, let first = leftOut.first { throw first.error }
        return (loaded, leftOut)
    }

    /// As ``fetch(_:allowUnsigned:)``, for one that does not hold the lock of the installation's changes.
    package func update(_ entry: IndexEntry) async throws -> LoadedIndex {
        let lock = try InstallLock.take(layout)
        defer { withExtendedLifetime(lock) {} }
        return try await fetch(entry)
    }

    /// The index for looking around: the network's, else the copy kept from last time.
    ///
    /// What would stop an install, age or a rollback, is a warning here, and nothing is remembered.
    package func browse(_ entry: IndexEntry, allowUnsigned: Bool = false) async throws -> LoadedIndex {
        try await browse(entry, allowUnsigned: allowUnsigned, reading: Self.whole)
    }

    func browse<Contents: IndexContents>(
        _ entry: IndexEntry,
        allowUnsigned: Bool,
        reading: @escaping IndexReading<Contents>
    ) async throws -> Loaded<Contents> {
        let source = try IndexSource(entry.address)
        let folder = try Folder.openIfPresent(layout.dataFolder)
        let memory = try folder.map { try IndexState(folder: $0).memory(of: entry.memoryName(source)) }
        let run = Run(entry: entry, source: source, isLenient: true, allowUnsigned: allowUnsigned)
        return try await acquire(run, memory: memory ?? IndexMemory(), { _ in }, reading: reading)
    }

    static let whole: IndexReading<StoreIndex> = { bytes, _ in
        var reader = IndexReader()
        let index = try reader.read(bytes)
        return (index, reader.warnings)
    }

    /// Forgets what was seen of a named index.
    package static func forget(_ name: String, in layout: StoreLayout) throws {
        guard let folder = try Folder.openIfPresent(layout.dataFolder) else { return }
        try IndexState(folder: folder).forget(name)
    }

    /// What a store shows to whoever asks while its files are being replaced one after another: asked once more.
    private static let mayBeHalfPublished: Set<String> = ["signature_wrong", "mix_and_match"]

    struct Run {
        let entry: IndexEntry
        let source: IndexSource
        let isLenient: Bool
        let allowUnsigned: Bool
        /// What is carried by hand may be as old as this, whatever end it names.
        var minAgeDays = 0
    }

    private func acquire<Contents: IndexContents>(
        _ run: Run,
        memory: IndexMemory,
        _ remember: @escaping @Sendable (IndexMemory) throws -> Void,
        reading: @escaping IndexReading<Contents>
    ) async throws -> Loaded<Contents> {
        let cache = IndexCache(layout: layout, source: run.source)
        let isLocal = run.source.address.scheme == "file"
        if policy.isOffline, !isLocal {
            guard try cache.read(run.source.fileName, maxBytes: IndexReader.maxBytes) != nil else {
                throw RegistryError.offline("There is no copy of the index at \(run.source.address.place) here")
            }
            return try await acquire(run, from: .kept(cache), cache, memory, remember, isCached: true, reading: reading)
        }
        let tags = EntityTags(cache)
        let files = isLocal ? IndexFiles.local(run.source) : .remote(run.source, downloader, tags)
        do {
            let loaded: Loaded<Contents>
            do {
                loaded = try await acquire(run, from: files, cache, memory, remember, isCached: false, reading: reading)
            } catch let error as RegistryError where !isLocal && Self.mayBeHalfPublished.contains(error.code) {
                // Without a tag: the copy may be what does not fit.
                let fresh = IndexFiles.remote(run.source, downloader, tags, usesCopies: false)
                loaded = try await acquire(run, from: fresh, cache, memory, remember, isCached: false, reading: reading)
            }
            try keep(loaded, tags, in: cache, isLenient: run.isLenient)
            return loaded
        } catch let error as RegistryError where run.isLenient && error.exitCode == .network {
            guard try cache.read(run.source.fileName, maxBytes: IndexReader.maxBytes) != nil else { throw error }
            return try await acquire(run, from: .kept(cache), cache, memory, remember, isCached: true, reading: reading)
        }
    }

    private func keep<Contents: IndexContents>(
        _ loaded: Loaded<Contents>,
        _ tags: EntityTags,
        in cache: IndexCache,
        isLenient: Bool
    ) throws {
        // An old index that somebody serves again must not take the place of what tells of revocations.
        guard !loaded.isBehind else { return }
        let files = loaded.files.merging(tags.files) { first, _ in first }
        guard isLenient else { return try cache.store(files) }
        // An installation that is not there is not made by looking, and one may look without being its owner.
        if try Folder.openIfPresent(layout.root.path) != nil { try? cache.store(files) }
    }

    func acquire<Contents: IndexContents>(
        _ run: Run,
        from files: IndexFiles,
        _ cache: IndexCache,
        _ memory: IndexMemory,
        _ remember: @escaping @Sendable (IndexMemory) throws -> Void,
        isCached: Bool,
        reading: @escaping IndexReading<Contents>
    ) async throws -> Loaded<Contents> {
        let anchor = run.entry.anchor.without(policy.revokedKeys)
        var acquisition = IndexAcquisition(
            source: run.source,
            anchor: anchor,
            revokedKeys: policy.revokedKeys,
            files: files,
            kept: .kept(cache),
            now: Timestamp(clock),
            maxAgeSeconds: (run.entry.maxAgeDays ?? policy.maxAgeDays).map { Int64($0) * 86_400 },
            minAgeSeconds: Int64(run.minAgeDays) * 86_400,
            isLenient: run.isLenient,
            unsigned: UnsignedRule(policy: policy, isAllowed: run.allowUnsigned),
            memory: memory,
            remember: remember,
            reading: reading
        )
        let verified = try await acquisition.run()
        // Without a signature anybody could claim a key is the publisher's.
        let trust = verified.signers.isEmpty ? TrustLevel.unsigned : trust(anchor, verified.signers)
        let isStranger = run.entry.isNamed && trust != .official
        return Loaded(
            name: run.entry.name,
            index: isStranger ? verified.contents.withoutOfficialOwner() : verified.contents,
            source: run.source,
            trust: trust,
            signers: verified.signers,
            packageKeys: anchor.keys,
            warnings: verified.warnings,
            isCached: isCached,
            isBehind: verified.isBehind,
            files: verified.files
        )
    }

    /// What the official key signs is official; what follows a root that began with it, too.
    private func trust(_ anchor: TrustAnchor, _ signers: [PublicKey]) -> TrustLevel {
        guard let official = OfficialStore.key, anchor.isOfficial else { return .trusted }
        return anchor.keys == [official] || signers.contains(official) ? .official : .trusted
    }
}

/// What has no signature is refused unless both the person and the operator say otherwise.
struct UnsignedRule {
    let policy: StorePolicy
    /// `--allow-unsigned` was given.
    let isAllowed: Bool

    func check(_ subject: String) throws {
        guard isAllowed else {
            throw RegistryError(
                .verificationFailed,
                "unsigned",
                "\(subject) is not signed.",
                hint: "If you trust it all the same, pass --allow-unsigned; the operator must allow that too."
            )
        }
        guard policy.allowsUnsigned else {
            throw RegistryError(
                .refused,
                "unsigned_refused",
                "\(subject) is not signed, and this host's policy does not allow that.",
                hint: "The operator can set `store: { allow_unsigned: true }` in config/praximous.yaml."
            )
        }
    }
}
