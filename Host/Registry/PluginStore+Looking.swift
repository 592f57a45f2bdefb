import Core

/// Questions. None of them changes anything, and none needs the lock.
extension PluginStore {
    /// A package of the store and what is here of it.
    package struct Listing: Sendable {
        /// The name of the index that offers it.
        package let index: String
        package let package: StoreIndex.Package
        package let installed: Receipt?
        package let update: Update?
        package let marks: PluginMarks
    }

    /// Packages with `term` in their name, summary, task type or a category, at most `limit` of them.
    package func search(_ term: String?, kind: String? = nil, limit: Int = 100) async throws -> [Listing] {
        let indexes = try await browse()
        let term = term.map(SearchTerm.init)
        let matching = indexes.indexes.flatMap { index in
            index.index.packages.filter { $0.matches(term, kind: kind) }.map { (index, $0) }
        }
        return try listings(of: Array(matching.prefix(max(0, limit))))
    }

    /// The package that a reference means.
    package func details(_ reference: PackageReference) async throws -> Listing {
        let installed = try InstalledPackages(layout: layout).receipts()
        let present = try reference.choose(from: installed, name: \.name, taskType: \.taskType)
        let found = try await browse().find(reference, installed: present)
        return try listings(of: [found])[0]
    }

    /// Installed packages with a newer version where they came from.
    package func outdated() async throws -> [Listing] {
        let indexes = try await browse()
        let found = try InstalledPackages(layout: layout).receipts().compactMap { receipt in
            indexes.origin(of: receipt).flatMap { index in
                index.index.packages.first { $0.name == receipt.name }.map { (index, $0) }
            }
        }
        return try listings(of: found).filter { $0.update != nil }
    }

    private func browse() async throws -> StoreIndexes {
        try await IndexClient(layout: layout, policy: policy, clock: clock).browseAll().indexes
    }

    private func listings(of found: [(LoadedIndex, StoreIndex.Package)]) throws -> [Listing] {
        let receipts = try InstalledPackages(layout: layout).receipts()
        let marks = try MarkBook(layout: layout).all()
        return found.map { index, package in
            let receipt = receipts.first { $0.name == package.name }
            let isOrigin = receipt?.comes(from: index) ?? false
            let check = UpdateCheck(index: index.index, platform: platform)
            return Listing(
                index: index.name,
                package: package,
                installed: receipt,
                update: isOrigin ? receipt.flatMap(check.update) : nil,
                marks: marks[package.name] ?? PluginMarks()
            )
        }
    }
}

extension StoreIndex.Package {
    /// Whether the term stands in the name, the summary, the task type or a category, and the kind is the one wanted.
    package func matches(_ term: SearchTerm?, kind: String? = nil) -> Bool {
        guard kind.map({ $0 == self.kind }) ?? true else { return false }
        guard let term else { return true }
        return term.isIn(name.owner) || term.isIn(name.name) || term.isIn(summary) || term.isIn(taskType ?? "")
            || categories.contains(where: term.isIn) || term.isIn(name.description)
    }
}
