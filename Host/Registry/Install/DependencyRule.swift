import Core

/// What packages need of one another, judged by the manifests of those that are there and of those that will be.
struct DependencyRule {
    let layout: StoreLayout

    /// Refuses a change after which one of `manifests`, or a package that is installed and stays, would lack what it
    /// needs.
    func checkChange(to manifests: [Manifest]) throws {
        let receipts = try ReceiptBook(layout: layout).all()
        var versions = Dictionary(receipts.map { ($0.name, $0.version) }) { first, _ in first }
        for manifest in manifests { versions[manifest.name] = manifest.version }
        for manifest in manifests { try check(manifest, among: versions) }
        let changed = Set(manifests.map(\.name))
        for receipt in receipts where !changed.contains(receipt.name) {
            for dependency in needs(of: receipt) where changed.contains(dependency.name) {
                guard let version = versions[dependency.name], !dependency.requirement.isSatisfied(by: version) else {
                    continue
                }
                throw RegistryError(
                    .conflict,
                    "still_needed",
                    "\(receipt.name) \(receipt.version) is installed and needs \(dependency.name) "
                        + "\(dependency.requirement), not \(version).",
                    hint: "Upgrade or remove \(receipt.name) first."
                )
            }
        }
    }

    private func check(_ manifest: Manifest, among versions: [PluginName: SemanticVersion]) throws {
        for dependency in manifest.dependencies where !dependency.isOptional {
            let found = versions[dependency.name]
            if let found, dependency.requirement.isSatisfied(by: found) { continue }
            let state = found.map { "installed is \($0)" } ?? "it is not installed"
            let wanted = "\(dependency.name)@\(dependency.requirement)"
            throw RegistryError(
                .conflict,
                "dependency_missing",
                "\(manifest.name) \(manifest.version) needs \(dependency.name) \(dependency.requirement); \(state).",
                hint: "Install it first: prax-host plugins install '\(wanted)'."
            )
        }
    }

    /// Refuses to remove packages that others need, which are not removed with them.
    func checkRemoval(of receipts: [Receipt]) throws {
        let leaving = Set(receipts.map(\.name))
        let staying = try ReceiptBook(layout: layout).all().filter { !leaving.contains($0.name) }
        for receipt in receipts.sorted(by: { $0.name < $1.name }) {
            let names = staying.filter { needs(of: $0).contains { $0.name == receipt.name } }
                .map(\.name.description).sorted()
            guard !names.isEmpty else { continue }
            let list = names.joined(separator: ", ")
            throw RegistryError(
                .conflict,
                "still_needed",
                "\(receipt.name) is needed by \(list).",
                hint: "Remove \(list) first, or all of them at once: "
                    + "prax-host plugins remove \((names + ["\(receipt.name)"]).joined(separator: " "))."
            )
        }
    }

    /// Packages that came for the sake of others, none of which is there any more; sorted by name.
    func orphans() throws -> [Receipt] {
        let receipts = try ReceiptBook(layout: layout).all()
        var needed: Set<PluginName> = []
        var unvisited = receipts.filter(\.isRequested)
        while let receipt = unvisited.popLast() {
            for dependency in needs(of: receipt) where needed.insert(dependency.name).inserted {
                unvisited += receipts.filter { $0.name == dependency.name }
            }
        }
        return receipts.filter { !$0.isRequested && !needed.contains($0.name) }.sorted { $0.name < $1.name }
    }

    /// What each installed package is and needs.
    func installed() throws -> [PluginName: DependencyResolver.Candidate] {
        let candidates = try ReceiptBook(layout: layout).all().map { receipt in
            (receipt.name, DependencyResolver.Candidate(receipt.version, needs: needs(of: receipt)))
        }
        return Dictionary(candidates) { first, _ in first }
    }

    private func needs(of receipt: Receipt) -> [Manifest.Dependency] {
        (InstalledPackage.manifest(of: receipt, layout: layout)?.dependencies ?? []).filter { !$0.isOptional }
    }
}
