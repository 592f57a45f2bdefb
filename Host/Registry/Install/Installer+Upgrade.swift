import Core

/// Which packages are upgraded, and to what.
package struct UpgradeSelection: Sendable {
    /// nil means every installed package.
    package var references: [PackageReference]?
    /// Versions before a release count as well.
    package var includesPrereleases = false

    package init(references: [PackageReference]?, includesPrereleases: Bool = false) {
        self.references = references
        self.includesPrereleases = includesPrereleases
    }
}

/// What came of looking for a newer version of one package.
package enum UpgradeEvent: Sendable {
    case changed(InstallOutcome)
    /// It stays as it is, for the reason in the sentence.
    case skipped(Receipt, sentence: String)
}

extension Installer {
    /// Brings packages to the newest version that fits them, this host and each other.
    ///
    /// Permissions that are wider than those consented to are asked for; a pinned package stays.
    package func upgrade(
        _ selection: UpgradeSelection,
        options: InstallOptions,
        happened: (UpgradeEvent) -> Void
    ) async throws {
        try await whileLocked {
            var indexes = session(options)
            let installed = InstalledPackages(layout: layout)
            var wishes: [(index: LoadedIndex, wishes: [InstallPlanner.Wish])] = []
            let targets = try selection.references.map { try $0.map { (try installed.receipt(named: $0), $0) } }
            for (receipt, reference) in try targets ?? installed.receipts().map({ ($0, nil) }) {
                if let sentence = try obstacle(to: receipt) {
                    happened(.skipped(receipt, sentence: sentence))
                    continue
                }
                guard let index = try await indexes.index(of: receipt) else {
                    happened(.skipped(receipt, sentence: RegistryError.noOrigin(receipt).message.droppingFinalDot))
                    continue
                }
                let newer = try newer(than: receipt, in: index, reference?.requirement, selection.includesPrereleases)
                guard case .success(let candidates) = newer else {
                    if case .failure(let stays) = newer { happened(.skipped(receipt, sentence: stays.sentence)) }
                    continue
                }
                let wish = InstallPlanner.Wish(name: receipt.name, candidates: candidates, mayStay: reference == nil)
                if let place = wishes.firstIndex(where: { $0.index.source == index.source }) {
                    wishes[place].wishes.append(wish)
                } else {
                    wishes.append((index, [wish]))
                }
            }
            var plan = InstallPlan()
            for (index, wishes) in wishes {
                let more = try InstallPlanner(layout: layout, platform: platform, index: index)
                    .plan(wishes, options: options)
                plan.items += more.items
                for receipt in more.present {
                    happened(.skipped(receipt, sentence: held(receipt, wishes, index, options)))
                }
            }
            // Whether somebody asked for a package does not change when it is upgraded.
            plan.items = plan.items.map { .init(source: $0.source, isRequested: false) }
            try await carryOut(plan, options: options) { happened(.changed($0)) }
        }
    }

    private func obstacle(to receipt: Receipt) throws -> String? {
        if try MarkBook(layout: layout).marks(of: receipt.name).isPinned {
            return "\(receipt.name) is pinned at \(receipt.version); to upgrade it: "
                + "prax-host plugins unpin \(receipt.name)"
        }
        guard receipt.index == nil else { return nil }
        return "\(receipt.name) \(receipt.version) came from a file and not from an index; install a newer file"
    }

    private struct Stays: Error {
        let sentence: String
    }

    private func newer(
        than receipt: Receipt,
        in index: LoadedIndex,
        _ requirement: VersionRequirement?,
        _ includesPrereleases: Bool
    ) throws -> Result<[Resolution], Stays> {
        let resolver = Resolver(index: index.index, platform: platform)
        guard let usable = resolver.usable(receipt.name) else {
            return .failure(Stays(sentence: "\(receipt.name) is no longer in the index"))
        }
        let newer = usable.filter { resolution in
            let version = resolution.version.version
            guard receipt.version.hasLowerPrecedence(than: version) else { return false }
            if let requirement { return requirement.isSatisfied(by: version) }
            return includesPrereleases || receipt.version.isPrerelease || !version.isPrerelease
        }
        guard newer.isEmpty else { return .success(newer) }
        if requirement == nil, let update = UpdateCheck(index: index.index, platform: platform).update(for: receipt) {
            return .failure(Stays(sentence: "\(receipt.name) stays at \(receipt.version): \(update.text)"))
        }
        return .failure(Stays(sentence: "\(receipt.name) \(receipt.version) is the newest version"))
    }

    /// Why a package that has a newer version keeps its old one.
    private func held(
        _ receipt: Receipt,
        _ wishes: [InstallPlanner.Wish],
        _ index: LoadedIndex,
        _ options: InstallOptions
    ) -> String {
        let start = "\(receipt.name) stays at \(receipt.version)"
        guard let wish = wishes.first(where: { $0.name == receipt.name }) else { return start }
        let strict = InstallPlanner.Wish(name: wish.name, candidates: wish.candidates)
        do {
            _ = try InstallPlanner(layout: layout, platform: platform, index: index).plan([strict], options: options)
            return start + ": its newer version does not go with those of the others"
        } catch { return start + ": \((error as? RegistryError)?.message ?? "\(error)")" }
    }
}

extension InstalledPackages {
    /// The receipt of the package a reference names, whatever version it asks for.
    func receipt(named reference: PackageReference) throws -> Receipt {
        try receipt(for: reference.withoutRequirement)
    }
}
