import Core
import Egress
import Glibc

/// A package that lies checked in the staging folder, and what it would replace.
struct StagedChange {
    let item: InstallPlan.Item
    let origin: PackageOrigin
    let staged: StagedPackage
    /// Its folder below `plugins/staging`.
    let stageName: String
    let previous: Receipt?
    /// Nothing is loaded into it: the manifest that was consented to before.
    let previousManifest: Manifest?

    var manifest: Manifest { staged.manifest }

    /// What nobody has consented to yet.
    var consent: ConsentRequest {
        // Without the manifest that was consented to, whatever the receipt does not list is new.
        let new =
            previousManifest.map { manifest.permissions.tokens(beyond: $0.permissions) }
            ?? manifest.permissions.tokens.filter { !(previous?.permissions ?? []).contains($0) }
        return ConsentRequest(
            name: manifest.name,
            version: manifest.version,
            permissions: manifest.permissions,
            newTokens: new,
            difference: difference
        )
    }

    var difference: PermissionDifference? {
        previous.map { _ in PermissionDifference(from: previousManifest?.permissions ?? [], to: manifest.permissions) }
    }
}

extension Installer {
    /// Stages all packages of a plan, asks once for all, then moves them into place one after the other.
    func carryOut(
        _ plan: InstallPlan,
        options: InstallOptions,
        installed: (InstallOutcome) -> Void
    ) async throws {
        for receipt in plan.present { installed(try outcome(ofPresent: receipt, options)) }
        if !options.isDryRun, !plan.items.isEmpty { hooks.prepareCheck() }
        var changes: [StagedChange] = []
        defer { removeStages(changes) }
        for item in plan.items { changes.append(try await stage(item, options: options)) }
        if let twice = changes.first(where: { one in changes.count { $0.manifest.name == one.manifest.name } > 1 }) {
            throw RegistryError(
                .conflict,
                "named_twice",
                "\(twice.manifest.name) is named twice.",
                hint: "Name each package once."
            )
        }
        changes = Self.ordered(changes)
        try check(changes, options: options)
        try await checkRevocations(of: changes)
        if options.isDryRun {
            for change in changes {
                options.consent.show(change.consent)
                installed(outcome(of: change, receipt(for: change, storePath: ""), isDryRun: true))
            }
            return
        }
        try await options.consent.require(changes.map(\.consent))
        for change in changes {
            try hooks.step(.checking, change.manifest.name)
            try await checkAndSeal(change)
        }
        for change in changes { installed(try commit(change, options: options)) }
    }

    private func removeStages(_ changes: [StagedChange]) {
        guard let staging = try? Folder.openIfPresent(layout.stagingFolder) else { return }
        // What stays is debris that the next change clears away.
        for change in changes { try? staging.removeTree(change.stageName) }
    }

    /// Each after those among them that it needs: files tell what they need only once they are unpacked.
    private static func ordered(_ changes: [StagedChange]) -> [StagedChange] {
        var order: [StagedChange] = []
        var seen: Set<PluginName> = []
        func visit(_ change: StagedChange) {
            guard seen.insert(change.manifest.name).inserted else { return }
            for dependency in change.manifest.dependencies {
                changes.first { $0.manifest.name == dependency.name }.map(visit)
            }
            order.append(change)
        }
        changes.forEach(visit)
        return order
    }

    private func check(_ changes: [StagedChange], options: InstallOptions) throws {
        var owners = try taskTypeOwners(options)
        for change in changes {
            if let index = change.origin.index { try change.previous?.checkOrigin(isStill: index) }
            try checkTaskType(change.manifest, owners: owners)
            if let taskType = change.manifest.taskType { owners[taskType] = change.manifest.name }
        }
        try DependencyRule(layout: layout).checkChange(to: changes.map(\.manifest))
    }

    /// Whatever way a package came: a file, the cache and a lock know nothing of what was taken back since.
    private func checkRevocations(of changes: [StagedChange]) async throws {
        let kept = await IndexClient(layout: layout, policy: policy, clock: clock).keptForBrowsing()
        for change in changes {
            let digest = change.origin.digest
            let isRevoked = kept.indexes.contains { $0.trust != .unsigned && $0.index.revokedDigests.contains(digest) }
            let reason = isRevoked ? "the store revoked this package" : change.staged.signer.flatMap(policy.revocation)
            guard let reason else { continue }
            throw RegistryError(
                .verificationFailed,
                "revoked",
                "\(change.manifest.name) \(change.manifest.version) is never installed: \(reason).",
                hint: "Look for a newer version: prax-host plugins outdated."
            )
        }
    }

    /// Who answers to which task type now.
    func taskTypeOwners(_ options: InstallOptions) throws -> [String: PluginName] {
        var owners = options.bundledTaskTypes
        for receipt in try ReceiptBook(layout: layout).all() {
            if let taken = receipt.taskType { owners[taken] = receipt.name }
        }
        return owners
    }

    /// One task type leads to one plugin; a second one would shadow the first without a word.
    func checkTaskType(_ manifest: Manifest, owners: [String: PluginName]) throws {
        guard let taskType = manifest.taskType, let owner = owners[taskType], owner != manifest.name else { return }
        throw RegistryError(
            .conflict,
            "task_type_taken",
            "\(manifest.name) answers to task_type \(taskType.quotedForMessage()), which \(owner) already does.",
            hint: "Remove \(owner) first: prax-host plugins remove \(owner)."
        )
    }

    /// The disk works while the library is being tried.
    private func checkAndSeal(_ change: StagedChange) async throws {
        let (store, stageName) = (StoreFolder(layout: layout), change.stageName)
        async let sealed: Void = DedicatedThread.run { try store.seal(stageName) }
        try await checkLibrary(change.staged)
        try await sealed
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

    private func commit(_ change: StagedChange, options: InstallOptions) throws -> InstallOutcome {
        let (store, book) = (StoreFolder(layout: layout), ReceiptBook(layout: layout))
        let name = change.manifest.name
        try hooks.step(.storing, name)
        let storePath = try store.admit(
            change.stageName,
            from: Folder.make(layout.stagingFolder),
            as: change.manifest,
            digest: change.origin.digest,
            previous: change.previous
        )
        try mark(change, options)
        let receipt = receipt(for: change, storePath: storePath)
        try book.keep(receipt)
        try hooks.step(.activating, name)
        try store.activate(name, storePath)
        try hooks.step(.recording, name)
        try book.write(receipt)
        // The receipt is the point of no return: what is left to do is tidying, and is tried again next time.
        try? store.removeOthers(of: receipt)
        try hooks.step(.done, name)
        return outcome(of: change, receipt)
    }

    /// Before the receipt: a plugin that is not to be served must not be, not for a moment.
    private func mark(_ change: StagedChange, _ options: InstallOptions) throws {
        try MarkBook(layout: layout).change(change.manifest.name) { marks in
            // A removal that was cut short may have left some of the one before.
            if change.previous == nil { (marks.isEnabled, marks.isPinned) = (true, false) }
            // What comes along because it is needed is neither pinned nor kept from serving others.
            guard change.item.isRequested else { return }
            if options.isDisabled { marks.isEnabled = false }
            if options.pins { marks.isPinned = true }
        }
    }

    private func outcome(ofPresent receipt: Receipt, _ options: InstallOptions) throws -> InstallOutcome {
        var receipt = receipt
        var hasNewMarks = false
        if !options.isDryRun {
            if !receipt.isRequested {
                receipt.isRequested = true
                try ReceiptBook(layout: layout).write(receipt)
            }
            hasNewMarks = try MarkBook(layout: layout).change(receipt.name) { marks in
                if options.isDisabled { marks.isEnabled = false }
                if options.pins { marks.isPinned = true }
            }
        }
        return InstallOutcome(
            change: .alreadyThere,
            receipt: receipt,
            previousVersion: nil,
            warnings: [],
            hasNewMarks: hasNewMarks
        )
    }

    private func outcome(of change: StagedChange, _ receipt: Receipt, isDryRun: Bool = false) -> InstallOutcome {
        var warnings = change.staged.warnings
        if case .index(let resolution, _) = change.item.source { warnings = resolution.warnings + warnings }
        return InstallOutcome(
            change: Self.change(from: change.previous, to: receipt),
            receipt: receipt,
            previousVersion: change.previous?.version,
            warnings: warnings,
            difference: change.difference,
            isDryRun: isDryRun
        )
    }

    private func receipt(for change: StagedChange, storePath: String) -> Receipt {
        let (staged, origin, previous) = (change.staged, change.origin, change.previous)
        let replaced = previous.flatMap { $0.storePath == storePath ? nil : $0 }
        return Receipt(
            name: staged.manifest.name,
            version: staged.manifest.version,
            kind: staged.manifest.kind.rawValue,
            taskType: staged.manifest.taskType,
            storePath: storePath,
            archiveDigest: origin.digest,
            contentDigest: staged.contentDigest,
            // One that comes as a file stays with the index it came from before.
            index: origin.index.map(\.source.address.text) ?? previous?.index,
            indexName: origin.index.map(\.name) ?? previous?.indexName,
            indexKey: origin.index.map(\.keyID) ?? previous?.indexKey,
            trust: origin.trust(of: staged.signer, owner: staged.manifest.name.owner),
            key: staged.signer,
            permissions: staged.manifest.permissions.tokens,
            installedAt: Timestamp(clock),
            isRequested: change.item.isRequested || previous?.isRequested ?? false,
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
