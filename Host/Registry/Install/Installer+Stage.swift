import Core
import Egress
import Glibc

extension Installer {
    /// Fetches one package of a plan and unpacks it beside the store, with everything checked that can be checked
    /// without running it.
    ///
    /// A package that fails leaves no stage.
    func stage(_ item: InstallPlan.Item, options: InstallOptions) async throws -> StagedChange {
        switch item.source {
        case .file(let file, let digest, let size):
            let expectation = PackageStaging.Expectation(
                keys: policy.trustedKeys,
                unsigned: UnsignedRule(policy: policy, isAllowed: options.allowUnsigned)
            )
            return try stage(item, file, PackageOrigin(digest: digest, size: size, index: nil), expectation)
        case .index(let resolution, let index):
            let download = PackageDownload(layout: layout, policy: policy, hooks: hooks)
            let artifact = resolution.artifact
            let file = try await download.fetch(artifact, of: resolution.package.name, from: index.source)
            let origin = PackageOrigin(digest: artifact.digest, size: artifact.size, index: index)
            return try stage(item, file, origin, expectation(of: resolution, index, options))
        }
    }

    private func expectation(
        of resolution: Resolution,
        _ index: LoadedIndex,
        _ options: InstallOptions
    ) -> PackageStaging.Expectation {
        let name = resolution.package.name
        let publisherKeys = index.index.keys(of: name.owner, at: Timestamp(clock))
        let trusted = index.packageKeys.filter { !index.index.revokedKeys.contains($0.id) }
        return PackageStaging.Expectation(
            name: name,
            version: resolution.version.version,
            manifestDigest: resolution.artifact.manifestDigest,
            publisherKey: resolution.artifact.publisherKey,
            unpackedBytes: resolution.artifact.unpacked,
            // The index says who speaks for an owner; where it says nothing, only those trusted anyway.
            keys: (publisherKeys.isEmpty ? trusted : publisherKeys).filter { !policy.revokedKeys.contains($0.id) },
            unsigned: UnsignedRule(policy: policy, isAllowed: options.allowUnsigned)
        )
    }

    private func stage(
        _ item: InstallPlan.Item,
        _ file: OpenFile,
        _ origin: PackageOrigin,
        _ expectation: PackageStaging.Expectation
    ) throws -> StagedChange {
        try hooks.step(.unpacking, expectation.name)
        let staging = try Folder.make(layout.stagingFolder)
        let stageName = "\(getpid())-\(origin.digest.hex.prefix(12))"
        try staging.removeTree(stageName)
        let stage = try staging.makeFolder(stageName, mode: 0o700)
        do {
            let staged = try PackageStaging(platform: platform, expectation: expectation)
                .run(file, size: origin.size, into: stage)
            let owner = staged.manifest.name.owner
            try policy.rules.check(
                staged.manifest,
                trust: origin.trust(of: staged.signer, owner: owner),
                isSigned: staged.signer != nil,
                isVerified: origin.index?.index.publishers[owner]?.isVerified ?? false
            )
            let previous = try ReceiptBook(layout: layout).receipt(of: staged.manifest.name)
            return StagedChange(
                item: item,
                origin: origin,
                staged: staged,
                stageName: stageName,
                previous: previous,
                previousManifest: previous.flatMap { InstalledPackage.manifest(of: $0, layout: layout) }
            )
        } catch {
            try? staging.removeTree(stageName)
            throw error
        }
    }
}
