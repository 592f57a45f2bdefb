package import Core
import Egress
import Glibc

/// Installs packages from an index or from files.
///
/// The order is what makes it safe: hash, then signature, then parse, then consent to all packages together, and only
/// then - in a process that `InstallHooks.checkLibrary` starts - code of a package. The receipt is written last.
package struct Installer: Sendable {
    let layout: StoreLayout
    var policy: StorePolicy
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

    /// Installs what is named and what that needs, what is needed first.
    ///
    /// Nothing is changed before all packages are downloaded, checked and consented to; a failure after that leaves
    /// those that were already installed.
    package func install(
        _ references: [PackageReference],
        options: InstallOptions,
        installed: (InstallOutcome) -> Void
    ) async throws {
        try await whileLocked {
            var indexes = session(options)
            let plan = try await plan(references, &indexes, options: options)
            try await carryOut(plan, options: options, installed: installed)
        }
    }

    func whileLocked<Value>(_ work: () async throws -> Value) async throws -> Value {
        let lock = try InstallLock.take(layout)
        defer { withExtendedLifetime(lock) {} }
        try StoreRepair(layout: layout).run()
        return try await work()
    }

    func session(_ options: InstallOptions) -> IndexSession {
        let client = IndexClient(layout: layout, policy: policy, clock: clock)
        let (allowUnsigned, hooks) = (options.allowUnsigned, hooks)
        return IndexSession(layout: layout, entries: policy.entries) { entry in
            try hooks.step(.fetchingIndex, nil)
            return try await client.fetch(entry, allowUnsigned: allowUnsigned)
        }
    }

    private func plan(
        _ references: [PackageReference],
        _ indexes: inout IndexSession,
        options: InstallOptions
    ) async throws -> InstallPlan {
        var plan = InstallPlan()
        var wishes: [(index: LoadedIndex, wishes: [InstallPlanner.Wish])] = []
        for reference in references {
            if let (file, digest) = try await file(of: reference, options: options) {
                try add(file, digest, options, to: &plan)
                continue
            }
            let index = try await indexes.index(for: reference)
            let wish = try wish(reference, index, options)
            if let place = wishes.firstIndex(where: { $0.index.source == index.source }) {
                wishes[place].wishes.append(wish)
            } else {
                wishes.append((index, [wish]))
            }
        }
        for (index, wishes) in wishes {
            let more = try InstallPlanner(layout: layout, platform: platform, index: index)
                .plan(wishes, options: options)
            plan.items += more.items
            plan.present += more.present
        }
        return plan
    }

    /// What a reference may become, with the operator's pin in mind.
    private func wish(
        _ reference: PackageReference,
        _ index: LoadedIndex,
        _ options: InstallOptions
    ) throws -> InstallPlanner.Wish {
        let resolver = Resolver(index: index.index, platform: platform)
        let name = try resolver.package(for: reference).name
        if !options.pins, try MarkBook(layout: layout).marks(of: name).isPinned,
            let receipt = try ReceiptBook(layout: layout).receipt(of: name)
        {
            guard reference.requirement?.isSatisfied(by: receipt.version) ?? true else {
                throw RegistryError(
                    .conflict,
                    "pinned",
                    "\(name) is pinned at \(receipt.version).",
                    hint: "To change it: prax-host plugins unpin \(name)."
                )
            }
            return InstallPlanner.Wish(name: name, candidates: [], mayStay: true)
        }
        return InstallPlanner.Wish(name: name, candidates: try resolver.candidates(for: reference))
    }

    private func add(
        _ file: OpenFile,
        _ digest: SHA256Digest,
        _ options: InstallOptions,
        to plan: inout InstallPlan
    ) throws {
        if !options.force,
            let present = try ReceiptBook(layout: layout).all().first(where: { $0.archiveDigest == digest }),
            try Folder.openIfPresent(layout.storeFolder + "/" + present.storePath) != nil
        {
            plan.present.append(present)
            return
        }
        let size = try file.status().size
        plan.items.append(.init(source: .file(file, digest: digest, size: size), isRequested: true))
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
