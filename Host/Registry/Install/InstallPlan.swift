import Core

/// What a change will bring, before anything is downloaded.
struct InstallPlan {
    /// One package that will be there afterwards and is not there now.
    struct Item {
        enum Source {
            case index(Resolution, LoadedIndex)
            /// An open file of `size` bytes.
            case file(OpenFile, digest: SHA256Digest, size: Int)
        }

        let source: Source
        /// Somebody named it; else another package needs it.
        let isRequested: Bool
    }

    /// Each after what it needs itself, as far as the index tells.
    var items: [Item] = []
    /// What was asked for and is there already.
    var present: [Receipt] = []
}

/// What was asked for of one index, and what is to be done about it.
struct InstallPlanner {
    /// One package that a person named, with the versions that will do, the best first.
    struct Wish {
        let name: PluginName
        let candidates: [Resolution]
        /// May stay as it is when nothing better fits.
        var mayStay = false
    }

    let layout: StoreLayout
    let platform: HostPlatform
    let index: LoadedIndex
    /// The packages that are at hand; nil when all of the index can be had.
    var onlyDigests: [PluginName: Set<SHA256Digest>]?

    /// Reads what is installed, then chooses.
    func plan(_ wishes: [Wish], options: InstallOptions) throws -> InstallPlan {
        let installed = try DependencyRule(layout: layout).installed()
        let pinned = try MarkBook(layout: layout).all().filter(\.value.isPinned).keys
        let resolver = Resolver(index: index.index, platform: platform)
        let onlyDigests = onlyDigests
        let solver = DependencyResolver(installed: installed, pinned: Set(pinned)) { name in
            let usable = resolver.usable(name)?.filter { resolution in
                onlyDigests?[name, default: []].contains(resolution.artifact.digest) ?? true
            }
            return usable?.map(\.candidate)
        }
        let merged = try Self.merged(wishes)
        let choices = try solver.solve(
            merged.map { wish in
                let stay = wish.mayStay ? installed[wish.name].map { [$0] } ?? [] : []
                return DependencyResolver.Wish(wish.name, wish.candidates.map(\.candidate) + stay)
            }
        )
        var plan = InstallPlan()
        for choice in choices {
            let wish = merged.first { $0.name == choice.name }
            try add(choice, wish, resolver, options, to: &plan)
        }
        return plan
    }

    private func add(
        _ choice: DependencyResolver.Choice,
        _ wish: Wish?,
        _ resolver: Resolver,
        _ options: InstallOptions,
        to plan: inout InstallPlan
    ) throws {
        let receipt = try ReceiptBook(layout: layout).receipt(of: choice.name)
        let usable = wish.map { $0.candidates } ?? resolver.usable(choice.name) ?? []
        let resolution = usable.first { $0.version.version == choice.version }
        if let receipt, receipt.version == choice.version {
            let isSame = resolution.map { $0.artifact.digest == receipt.archiveDigest } ?? true
            let isThere = try Folder.openIfPresent(layout.storeFolder + "/" + receipt.storePath) != nil
            // Another package of the same version is only taken for somebody who asks.
            if isThere, wish == nil || isSame && !options.force {
                if wish != nil { plan.present.append(receipt) }
                return
            }
        }
        guard let resolution else { throw RegistryError.unsolvable("\(choice.name) \(choice.version) is gone") }
        plan.items.append(.init(source: .index(resolution, index), isRequested: wish != nil))
    }

    /// A package that is named twice must satisfy both.
    private static func merged(_ wishes: [Wish]) throws -> [Wish] {
        var merged: [Wish] = []
        for wish in wishes {
            guard let place = merged.firstIndex(where: { $0.name == wish.name }) else {
                merged.append(wish)
                continue
            }
            let versions = Set(wish.candidates.map(\.version.version))
            let both = merged[place].candidates.filter { versions.contains($0.version.version) }
            guard !both.isEmpty else {
                throw RegistryError(
                    .conflict,
                    "named_twice",
                    "\(wish.name) is named twice, with versions that exclude each other.",
                    hint: "Name it once."
                )
            }
            merged[place] = Wish(name: wish.name, candidates: both)
        }
        return merged
    }
}

extension Resolution {
    var candidate: DependencyResolver.Candidate {
        DependencyResolver.Candidate(version.version, needs: version.dependencies)
    }
}
