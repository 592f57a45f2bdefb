import Core

extension Installer {
    /// Installs what a bundle was made for, from nothing but the bundle.
    ///
    /// Its index must be signed by a trusted key, as one that is fetched; packages count only as far as that index
    /// names their hashes.
    package func install(
        _ bundle: BundleReader,
        options: InstallOptions,
        installed: (InstallOutcome) -> Void
    ) async throws {
        try await whileLocked {
            try hooks.step(.verifying, nil)
            let index = try await IndexClient(layout: layout, policy: policy, clock: clock).adopt(
                bundle.indexFiles,
                address: bundle.contents.index,
                allowUnsigned: options.allowUnsigned
            )
            let mine = bundle.contents.packages.filter { $0.platform == platform.name }
            guard mine.contains(where: \.isRequested) else {
                let offered = Set(bundle.contents.packages.map(\.platform)).sorted().joined(separator: ", ")
                throw RegistryError.incompatible("The bundle is for \(offered), this is \(platform.name).")
            }
            let cache = PackageCache(layout: layout)
            for package in mine { try bundle.keep(package, in: cache) }
            // Everything it needs is in the cache by now.
            var offline = self
            offline.policy.isOffline = true
            let resolver = Resolver(index: index.index, platform: platform)
            let wishes = try mine.filter(\.isRequested).map { package in
                let reference = PackageReference(package.name, exactly: package.version)
                return InstallPlanner.Wish(name: package.name, candidates: try resolver.candidates(for: reference))
            }
            let here = Dictionary(grouping: mine, by: \.name).mapValues { Set($0.map(\.digest)) }
            let planner = InstallPlanner(layout: layout, platform: platform, index: index, onlyDigests: here)
            let plan = try planner.plan(wishes, options: options)
            try await offline.carryOut(plan, options: options, installed: installed)
        }
    }
}
