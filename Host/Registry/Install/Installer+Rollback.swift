package import Core

extension Installer {
    /// Goes back to the version before this one, or to `version`.
    ///
    /// The version before lies beside the one in use and is switched to; any other is installed again, from the cache
    /// or the index. What the older version may do beyond the newer one needs consent, as in an upgrade.
    package func rollBack(
        _ reference: PackageReference,
        to version: SemanticVersion?,
        options: InstallOptions
    ) async throws -> InstallOutcome {
        try await whileLocked {
            let current = try InstalledPackages(layout: layout).receipt(named: reference)
            if let version, version == current.version {
                return InstallOutcome(change: .alreadyThere, receipt: current, previousVersion: nil, warnings: [])
            }
            if version == nil || version == current.previousVersion, let earlier = try keepsake(of: current) {
                return try await switchBack(from: current, to: earlier, options: options)
            }
            guard let target = version ?? current.previousVersion else {
                throw RegistryError(
                    .notFound,
                    "no_earlier_version",
                    "No version before \(current.version) of \(current.name) is kept.",
                    hint: "Name one of the store's: prax-host plugins rollback \(current.name) --to VERSION."
                )
            }
            return try await reinstall(current, target, options: options)
        }
    }

    /// The receipt of the version before, if all that it needs is still there.
    private func keepsake(of current: Receipt) throws -> Receipt? {
        guard let path = current.previousStorePath, let earlier = try ReceiptBook(layout: layout).kept(path),
            earlier.name == current.name, try Folder.openIfPresent(layout.storeFolder + "/" + path) != nil
        else { return nil }
        return earlier
    }

    private func switchBack(
        from current: Receipt,
        to earlier: Receipt,
        options: InstallOptions
    ) async throws -> InstallOutcome {
        let problems = Verification(layout: layout, policy: policy).problems(of: earlier)
        guard problems.isEmpty else {
            throw RegistryError.modified(
                "the kept version \(earlier.version), \(problems.prefix(3).joined(separator: "; "))"
            )
        }
        let installed = InstalledPackages(layout: layout)
        let manifest = try installed.manifest(of: earlier)
        try await checkPolicy(for: earlier, manifest)
        try DependencyRule(layout: layout).checkChange(to: [manifest])
        // Another plugin may have taken its task type meanwhile.
        try checkTaskType(manifest, owners: taskTypeOwners(options))
        let granted = InstalledPackage.manifest(of: current, layout: layout)?.permissions ?? []
        let request = ConsentRequest(
            name: earlier.name,
            version: earlier.version,
            permissions: manifest.permissions,
            newTokens: manifest.permissions.tokens(beyond: granted),
            difference: PermissionDifference(from: granted, to: manifest.permissions)
        )
        var receipt = earlier
        receipt.installedAt = Timestamp(clock)
        receipt.isRequested = current.isRequested
        (receipt.previousVersion, receipt.previousStorePath) = (current.version, current.storePath)
        var outcome = InstallOutcome(
            change: .rolledBack,
            receipt: receipt,
            previousVersion: current.version,
            warnings: [],
            difference: request.difference
        )
        guard !options.isDryRun else {
            options.consent.show(request)
            outcome.isDryRun = true
            return outcome
        }
        try await options.consent.require([request])
        // The way forward must be kept before the way back is taken.
        try ReceiptBook(layout: layout).keep(current)
        try hooks.step(.activating, receipt.name)
        try StoreFolder(layout: layout).activate(receipt.name, receipt.storePath)
        try hooks.step(.recording, receipt.name)
        try ReceiptBook(layout: layout).write(receipt)
        return outcome
    }

    private func reinstall(
        _ current: Receipt,
        _ version: SemanticVersion,
        options: InstallOptions
    ) async throws -> InstallOutcome {
        guard current.index != nil else {
            throw RegistryError(
                .notFound,
                "no_earlier_version",
                "\(current.name) \(version) is not kept, and \(current.name) came from a file.",
                hint: "Install the file of that version."
            )
        }
        var indexes = session(options)
        guard let index = try await indexes.index(of: current) else { throw RegistryError.noOrigin(current) }
        let resolver = Resolver(index: index.index, platform: platform)
        let wish = InstallPlanner.Wish(
            name: current.name,
            candidates: try resolver.candidates(for: PackageReference(current.name, exactly: version))
        )
        let plan = try InstallPlanner(layout: layout, platform: platform, index: index).plan([wish], options: options)
        var outcome: InstallOutcome?
        try await carryOut(plan, options: options) { change in
            if change.receipt.name == current.name { outcome = change }
        }
        guard let outcome else { throw RegistryError.unsolvable("\(current.name) \(version) is gone") }
        return InstallOutcome(
            change: .rolledBack,
            receipt: outcome.receipt,
            previousVersion: current.version,
            warnings: outcome.warnings,
            difference: outcome.difference,
            isDryRun: outcome.isDryRun
        )
    }

    /// What was good enough then may be revoked by now, or against the operator's rules.
    private func checkPolicy(for receipt: Receipt, _ manifest: Manifest) async throws {
        let kept = await IndexClient(layout: layout, policy: policy, clock: clock).keptForBrowsing()
        let publisher = kept.origin(of: receipt)?.index.publishers[receipt.name.owner]
        try policy.rules.check(
            manifest,
            trust: receipt.trust,
            isSigned: receipt.key != nil,
            isVerified: publisher?.isVerified ?? false
        )
        guard let reason = kept.revocation(of: receipt) ?? policy.revocation(of: receipt) else { return }
        throw RegistryError(
            .verificationFailed,
            "revoked",
            "\(receipt.name) \(receipt.version) was revoked: \(reason).",
            hint: "Look for a newer version: prax-host plugins outdated."
        )
    }
}

extension RegistryError {
    static func noOrigin(_ receipt: Receipt) -> RegistryError {
        RegistryError(
            .notFound,
            "index_unknown",
            "\(receipt.name) came from \(receipt.indexName ?? receipt.index ?? "an index"), which is none of this host's.",
            hint: "Add it again with `prax-host plugins index add`, or name it with --index."
        )
    }
}
