package import Core
import Egress
import Glibc

/// Installs packages from an index or from files.
///
/// The order is what makes it safe: hash, then signature, then parse, then consent, and only then - in a process that
/// `InstallHooks.checkLibrary` starts - code of the package. The receipt is written last.
package struct Installer: Sendable {
    let layout: StoreLayout
    let policy: StorePolicy
    let platform: HostPlatform
    let clock: WallClock
    let hooks: InstallHooks

    package init(
        layout: StoreLayout,
        policy: StorePolicy,
        platform: HostPlatform = .current,
        clock: WallClock = .system,
        hooks: InstallHooks
    ) {
        self.layout = layout
        self.policy = policy
        self.platform = platform
        self.clock = clock
        self.hooks = hooks
    }

    /// Installs one after the other; the first failure ends it, what was installed before stays.
    package func install(
        _ references: [PackageReference],
        options: InstallOptions,
        installed: (InstallOutcome) -> Void
    ) async throws {
        let lock = try InstallLock.take(layout)
        defer { withExtendedLifetime(lock) {} }
        try StoreRepair(layout: layout).run()
        var indexes: StoreIndexes?
        for reference in references {
            if case .file(let path) = reference.subject {
                installed(try await install(file: path, options: options))
                continue
            }
            if indexes == nil {
                try hooks.step(.fetchingIndex, nil)
                indexes = try await fetchIndexes(options)
            }
            guard let indexes else { continue }
            let receipts = try ReceiptBook(layout: layout).all()
            let present = try reference.choose(from: receipts, name: \.name, taskType: \.taskType)
            let found = try indexes.find(reference, installed: present)
            installed(try await install(reference, from: found.index, options: options))
        }
    }

    /// Every index of this installation.
    ///
    /// One that cannot be believed stops the installation: whoever can make it fail could else choose which index
    /// answers.
    func fetchIndexes(_ options: InstallOptions) async throws -> StoreIndexes {
        let client = IndexClient(layout: layout, policy: policy, clock: clock)
        var loaded: [LoadedIndex] = []
        for entry in policy.entries {
            loaded.append(try await client.fetch(entry, allowUnsigned: options.allowUnsigned))
        }
        return StoreIndexes(loaded)
    }

    private func install(
        _ reference: PackageReference,
        from loaded: LoadedIndex,
        options: InstallOptions
    ) async throws -> InstallOutcome {
        let resolution = try Resolver(index: loaded.index, platform: platform).resolve(reference)
        let (name, artifact) = (resolution.package.name, resolution.artifact)
        if let present = try alreadyThere(name, artifact.digest, options), present.version == resolution.version.version
        {
            return InstallOutcome(change: .alreadyThere, receipt: present, previousVersion: nil, warnings: [])
        }
        let download = PackageDownload(layout: layout, policy: policy, hooks: hooks)
        let package = try await download.fetch(artifact, of: name, from: loaded.source)
        let publisherKeys = loaded.index.keys(of: name.owner, at: Timestamp(clock))
        let trusted = loaded.packageKeys.filter { !loaded.index.revokedKeys.contains($0.id) }
        let expectation = PackageStaging.Expectation(
            name: name,
            version: resolution.version.version,
            manifestDigest: artifact.manifestDigest,
            publisherKey: artifact.publisherKey,
            unpackedBytes: artifact.unpacked,
            // The index says who speaks for an owner; where it says nothing, only those trusted anyway.
            keys: (publisherKeys.isEmpty ? trusted : publisherKeys).filter { !policy.revokedKeys.contains($0.id) },
            unsigned: UnsignedRule(policy: policy, isAllowed: options.allowUnsigned)
        )
        let origin = PackageOrigin(digest: artifact.digest, size: artifact.size, index: loaded)
        let outcome = try await commit(package, origin: origin, expectation: expectation, options: options)
        return InstallOutcome(
            change: outcome.change,
            receipt: outcome.receipt,
            previousVersion: outcome.previousVersion,
            warnings: resolution.warnings + outcome.warnings
        )
    }

    private func install(file path: String, options: InstallOptions) async throws -> InstallOutcome {
        try hooks.step(.verifying, nil)
        let package = try OpenFile.reading(path)
        let size = try package.status().size
        guard size <= ArchiveLimits().maxPackedBytes else {
            throw RegistryError.archive("it has \(size) bytes, at most \(ArchiveLimits().maxPackedBytes) are accepted")
        }
        let digest = try SHA256Digest.ofFile(package).digest
        if !options.force,
            let present = try ReceiptBook(layout: layout).all().first(where: { $0.archiveDigest == digest }),
            try isStored(present)
        {
            return InstallOutcome(change: .alreadyThere, receipt: present, previousVersion: nil, warnings: [])
        }
        let expectation = PackageStaging.Expectation(
            keys: policy.trustedKeys,
            unsigned: UnsignedRule(policy: policy, isAllowed: options.allowUnsigned)
        )
        let origin = PackageOrigin(digest: digest, size: size, index: nil)
        return try await commit(package, origin: origin, expectation: expectation, options: options)
    }

    private func alreadyThere(_ name: PluginName, _ digest: SHA256Digest, _ options: InstallOptions) throws -> Receipt?
    {
        guard !options.force, let receipt = try ReceiptBook(layout: layout).receipt(of: name),
            receipt.archiveDigest == digest, try isStored(receipt)
        else { return nil }
        return receipt
    }

    private func isStored(_ receipt: Receipt) throws -> Bool {
        try Folder.openIfPresent(layout.storeFolder + "/" + receipt.storePath) != nil
    }
}

/// Where a package file came from.
struct PackageOrigin {
    let digest: SHA256Digest
    let size: Int
    /// nil for a file.
    let index: LoadedIndex?

    func trust(of signer: PublicKey?, owner: String) -> TrustLevel {
        guard let signer else { return index == nil ? .local : .unsigned }
        if let index, index.trust == .unsigned { return .unsigned }
        // The official key may have been followed by others, which the official index then names.
        let isOfficial = signer == OfficialStore.key || index?.trust == .official && owner == OfficialStore.owner
        return isOfficial ? .official : .trusted
    }
}
