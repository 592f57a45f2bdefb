import Core

extension Installer {
    /// Makes the installation hold what a lock file says, by its hashes and nothing else: versions that were taken back
    /// as well, no newer ones, no further dependencies.
    ///
    /// Returns what was removed, which is nothing without `prunes`.
    @discardableResult
    package func synchronize(
        with lock: Lockfile,
        options: InstallOptions,
        prunes: Bool = false,
        installed: (InstallOutcome) -> Void
    ) async throws -> [Receipt] {
        try await whileLocked {
            var indexes = session(options)
            var plan = InstallPlan()
            for package in lock.packages { try await add(package, &indexes, options, to: &plan) }
            let names = Set(lock.packages.map(\.name))
            let superfluous = try InstalledPackages(layout: layout).receipts().filter { !names.contains($0.name) }
            try await carryOut(plan, options: options, installed: installed)
            guard prunes else { return [] }
            guard !options.isDryRun else { return superfluous }
            return try Removal(layout: layout).removeUnlocked(superfluous).removed
        }
    }

    private func add(
        _ package: Lockfile.Package,
        _ indexes: inout IndexSession,
        _ options: InstallOptions,
        to plan: inout InstallPlan
    ) async throws {
        guard let archive = package.archives[platform.name] else {
            let offered = package.archives.keys.sorted().joined(separator: ", ")
            throw RegistryError.incompatible(
                "The lock file has \(package.name) \(package.version) for \(offered), this is \(platform.name).",
                hint: "Write it again with --platform \(platform.name) where it was made."
            )
        }
        if !options.force, let receipt = try ReceiptBook(layout: layout).receipt(of: package.name),
            receipt.archiveDigest == archive.digest,
            try Folder.openIfPresent(layout.storeFolder + "/" + receipt.storePath) != nil
        {
            plan.present.append(receipt)
            return
        }
        let source = try await source(of: package, archive, &indexes)
        plan.items.append(.init(source: source, isRequested: package.isRequested))
    }

    /// The index vouches for the package where it can; a file with the locked hash does where there is none.
    private func source(
        of package: Lockfile.Package,
        _ archive: Lockfile.Archive,
        _ indexes: inout IndexSession
    ) async throws -> InstallPlan.Item.Source {
        let cached = try PackageCache(layout: layout).file(archive.digest)
        let index: LoadedIndex
        do {
            let reference = PackageReference(package.name, exactly: package.version)
            index = try await indexes.index(for: reference)
        } catch let error as RegistryError where [.network, .notFound].contains(error.exitCode) {
            guard let cached else { throw error }
            return .file(cached, digest: archive.digest, size: try cached.status().size)
        }
        guard let found = Resolver(index: index.index, platform: platform).exact(package.name, package.version) else {
            if let cached { return .file(cached, digest: archive.digest, size: try cached.status().size) }
            throw RegistryError(
                .notFound,
                "version_not_found",
                "The index has no \(package.name) \(package.version) for \(platform.name).",
                hint: "Use the index that it was locked with\(package.index.map { ", \($0)" } ?? "")."
            )
        }
        guard found.artifact.digest == archive.digest else {
            throw RegistryError(
                .verificationFailed,
                "lock_mismatch",
                "\(package.name) \(package.version) is locked to SHA-256 \(archive.digest.hex), the index has "
                    + "\(found.artifact.digest.hex).",
                hint: "A published version never changes: tell the store's operator."
            )
        }
        guard !index.index.revokedDigests.contains(archive.digest) else {
            throw RegistryError(
                .verificationFailed,
                "revoked",
                "\(package.name) \(package.version) was revoked by the store and is never installed.",
                hint: "Take it out of the lock file, or lock a newer version."
            )
        }
        return .index(found, index)
    }
}

extension Resolver {
    /// The package of one version for this machine, taken back or not, fitting or not.
    func exact(_ name: PluginName, _ version: SemanticVersion) -> Resolution? {
        guard let package = index.packages.first(where: { $0.name == name }),
            let found = package.versions.first(where: { $0.version == version }),
            let artifact = found.artifacts.first(where: { $0.platform == platform.name })
        else { return nil }
        let yanked = found.yanked.map { "\(name) \(version) was taken back: \($0)." }
        return Resolution(package: package, version: found, artifact: artifact, warnings: [yanked].compactMap(\.self))
    }
}
