package import Core
import Egress

/// An index that was checked, and what is known about it.
package struct LoadedIndex: Sendable {
    package let index: StoreIndex
    package let source: IndexSource
    package let trust: TrustLevel
    package let keyID: String?
    package internal(set) var warnings: [String]
    /// A copy from before: the store could not be reached.
    package internal(set) var isCached = false
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

/// Fetches an index and its signature, and decides whether to believe it.
///
/// The roles `root` and `timestamp` are not fetched yet; when they are, `keys` comes from them and not from the policy.
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
    package func fetch(allowUnsigned: Bool = false) async throws -> LoadedIndex {
        let source = try IndexSource(policy.index)
        let (bytes, signature) = try await download(source)
        let loaded = try check(bytes, signature, source, allowUnsigned: allowUnsigned)
        try checkExpiry(loaded.index)
        if loaded.trust != .unsigned {
            let digest = SHA256Digest(of: bytes)
            try state(making: true)?.advance(source.address.text, to: loaded.index.version, digest: digest)
        }
        try IndexCache(layout: layout).store(bytes, signature: signature, of: source)
        return loaded
    }

    /// The index for looking around: the network's, else the copy kept from last time.
    ///
    /// What would stop an install, age or a rollback, is a warning here.
    package func browse(allowUnsigned: Bool = false) async throws -> LoadedIndex {
        let source = try IndexSource(policy.index)
        var loaded: LoadedIndex
        do {
            let (bytes, signature) = try await download(source)
            loaded = try check(bytes, signature, source, allowUnsigned: allowUnsigned)
            // An installation that is not there is not made by looking, and one may look without being its owner.
            if try Folder.openIfPresent(layout.root.path) != nil {
                try? IndexCache(layout: layout).store(bytes, signature: signature, of: source)
            }
        } catch let error as RegistryError where error.exitCode == .network {
            guard let copy = try IndexCache(layout: layout).load(source) else { throw error }
            loaded = try check(copy.index, copy.signature, source, allowUnsigned: allowUnsigned)
            loaded.isCached = true
        }
        do {
            try checkExpiry(loaded.index)
            if let seen = try state(making: false)?.version(of: source.address.text), seen > loaded.index.version {
                loaded.warnings.append("This index is older than one seen before (version \(seen)).")
            }
        } catch let error as RegistryError { loaded.warnings.append(error.message) }
        return loaded
    }

    func state(making: Bool) throws -> IndexState? {
        let folder = try making ? Folder.make(layout.dataFolder) : Folder.openIfPresent(layout.dataFolder)
        return folder.map(IndexState.init)
    }

    private func download(_ source: IndexSource) async throws -> (index: [UInt8], signature: [UInt8]?) {
        do {
            let bytes = try await downloader.fetch(source.address, maxBytes: IndexReader.maxBytes)
            return (bytes, try await fetchSignature(of: source))
        } catch let error as DownloadError { throw RegistryError(error) }
    }

    /// nil when the store has none.
    ///
    /// A store that cannot be asked is an error: a signature must not be lost to a hiccup of the network.
    private func fetchSignature(of source: IndexSource) async throws -> [UInt8]? {
        do {
            return try await downloader.fetch(source.signature, maxBytes: SignatureFile.maxBytes)
        } catch DownloadError.status(_, 404), DownloadError.status(_, 410), DownloadError.unreadableFile {
            return nil
        }
    }

    func check(
        _ bytes: [UInt8],
        _ signature: [UInt8]?,
        _ source: IndexSource,
        allowUnsigned: Bool
    ) throws -> LoadedIndex {
        var signer: PublicKey?
        if let signature {
            signer = try SignatureFile(signature, of: "The index").signer(
                of: bytes,
                as: .index,
                among: policy.trustedKeys,
                subject: "The index"
            )
        } else {
            try UnsignedRule(policy: policy, isAllowed: allowUnsigned).check("The index at \(source.address.place)")
        }
        var reader = IndexReader()
        let index = try reader.read(bytes)
        // Without a signature anybody could claim a key is the publisher's.
        let trust: TrustLevel = signer.map { $0 == OfficialStore.key ? .official : .trusted } ?? .unsigned
        return LoadedIndex(
            index: index,
            source: source,
            trust: trust,
            keyID: signer?.id,
            warnings: reader.warnings
        )
    }

    func checkExpiry(_ index: StoreIndex) throws {
        let now = Timestamp(clock)
        if let generated = index.generated, now.seconds + 86_400 < generated.seconds {
            throw RegistryError.index("the clock is wrong: it shows \(now), the index is of \(generated)")
        }
        if let expires = index.expires, expires <= now {
            throw RegistryError.index("it expired at \(expires), so it may hide newer versions")
        }
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
