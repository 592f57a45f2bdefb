import Core
import Egress
import Glibc

extension Installer {
    /// Stages a package whose bytes are known, asks, checks, and moves it into place.
    func commit(
        _ package: OpenFile,
        origin: PackageOrigin,
        expectation: PackageStaging.Expectation,
        options: InstallOptions
    ) async throws -> InstallOutcome {
        try hooks.step(.unpacking, expectation.name)
        let staging = try Folder.make(layout.stagingFolder)
        let stageName = "\(getpid())-\(origin.digest.hex.prefix(12))"
        try staging.removeTree(stageName)
        let stage = try staging.makeFolder(stageName, mode: 0o700)
        defer { try? staging.removeTree(stageName) }

        let staged = try PackageStaging(platform: platform, expectation: expectation)
            .run(package, size: origin.size, into: stage)
        let manifest = staged.manifest
        try policy.rules.check(
            manifest,
            trust: origin.trust(of: staged.signer, owner: manifest.name.owner),
            isSigned: staged.signer != nil,
            isVerified: origin.index?.index.publishers[manifest.name.owner]?.isVerified ?? false
        )
        let book = ReceiptBook(layout: layout)
        let previous = try book.receipt(of: manifest.name)
        try checkTaskType(manifest, book: book, options: options)
        try DependencyRule(layout: layout).checkInstall(manifest)
        try await options.consent.require(request(for: manifest, previous: previous))
        try hooks.step(.checking, manifest.name)
        try await checkLibrary(staged)

        let store = StoreFolder(layout: layout)
        try hooks.step(.storing, manifest.name)
        let storePath = try store.admit(
            stageName,
            from: staging,
            as: manifest,
            digest: origin.digest,
            previous: previous
        )
        let receipt = self.receipt(for: staged, origin: origin, storePath: storePath, previous: previous)
        try hooks.step(.activating, manifest.name)
        try store.activate(receipt.name, storePath)
        try hooks.step(.recording, manifest.name)
        try book.write(receipt)
        // The receipt is the point of no return: what is left to do is tidying, and is tried again next time.
        try? store.removeOthers(of: receipt)
        try hooks.step(.done, manifest.name)
        return InstallOutcome(
            change: Self.change(from: previous, to: receipt),
            receipt: receipt,
            previousVersion: previous?.version,
            warnings: staged.warnings
        )
    }

    private func checkLibrary(_ staged: StagedPackage) async throws {
        do { try await hooks.checkLibrary(staged) } catch let error as CancellationError {
            throw error
        } catch let error as RegistryError {
            throw error
        } catch {
            throw RegistryError(
                .incompatible,
                "load_failed",
                "\(staged.manifest.name) \(staged.manifest.version) cannot be loaded here: \(error)",
                hint: "Nothing was installed. Tell its publisher, or look for another version."
            )
        }
    }

    /// One task type leads to one plugin; a second one would shadow the first without a word.
    private func checkTaskType(_ manifest: Manifest, book: ReceiptBook, options: InstallOptions) throws {
        guard let taskType = manifest.taskType else { return }
        var owners = options.bundledTaskTypes
        for receipt in try book.all() { if let taken = receipt.taskType { owners[taken] = receipt.name } }
        guard let owner = owners[taskType], owner != manifest.name else { return }
        throw RegistryError(
            .conflict,
            "task_type_taken",
            "\(manifest.name) answers to task_type \(taskType.quotedForMessage()), which \(owner) already does.",
            hint: "Remove \(owner) first: prax-host plugins remove \(owner)."
        )
    }

    private func request(for manifest: Manifest, previous: Receipt?) -> ConsentRequest {
        let granted = previous.flatMap { InstalledPackage.manifest(of: $0, layout: layout)?.permissions }
        // Without the manifest that was consented to, whatever the receipt does not list is new.
        let new =
            granted.map { manifest.permissions.tokens(beyond: $0) }
            ?? manifest.permissions.tokens.filter { !(previous?.permissions ?? []).contains($0) }
        return ConsentRequest(
            name: manifest.name,
            version: manifest.version,
            permissions: manifest.permissions,
            newTokens: new,
            isUpgrade: previous != nil
        )
    }

    private func receipt(
        for staged: StagedPackage,
        origin: PackageOrigin,
        storePath: String,
        previous: Receipt?
    ) -> Receipt {
        let replaced = previous.flatMap { $0.storePath == storePath ? nil : $0 }
        return Receipt(
            name: staged.manifest.name,
            version: staged.manifest.version,
            kind: staged.manifest.kind.rawValue,
            taskType: staged.manifest.taskType,
            storePath: storePath,
            archiveDigest: origin.digest,
            contentDigest: staged.contentDigest,
            index: origin.index?.source.address.text,
            indexName: origin.index?.name,
            indexKey: origin.index?.keyID,
            trust: origin.trust(of: staged.signer, owner: staged.manifest.name.owner),
            key: staged.signer,
            permissions: staged.manifest.permissions.tokens,
            installedAt: Timestamp(clock),
            previousVersion: replaced?.version ?? previous?.previousVersion,
            previousStorePath: replaced?.storePath ?? previous?.previousStorePath,
            files: staged.list.files
        )
    }

    private static func change(from previous: Receipt?, to receipt: Receipt) -> InstallOutcome.Change {
        guard let previous else { return .installed }
        if previous.version == receipt.version { return .reinstalled }
        return previous.version < receipt.version ? .upgraded : .downgraded
    }
}
