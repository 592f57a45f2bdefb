import Core

/// Questions. None of them changes anything, and none needs the lock.
extension PluginStore {
    /// A package of the store and what is here of it.
    package struct Listing: Sendable {
        package let package: StoreIndex.Package
        package let installed: Receipt?
        package let update: Update?
        package let marks: PluginMarks
    }

    /// The index for looking around: the network's, else the copy kept from before.
    private func index(_ isOffline: Bool, _ allowUnsigned: Bool) async throws -> LoadedIndex {
        let client = IndexClient(layout: layout, policy: policy, clock: clock)
        return try isOffline
            ? await client.kept(allowUnsigned: allowUnsigned) : await client.browse(allowUnsigned: allowUnsigned)
    }

    /// Packages with `term` in their name, summary, task type or a category, at most `limit` of them.
    package func search(
        _ term: String?,
        kind: String? = nil,
        limit: Int = 100,
        isOffline: Bool = false,
        allowUnsigned: Bool = false
    ) async throws -> (index: LoadedIndex, found: [Listing]) {
        let loaded = try await index(isOffline, allowUnsigned)
        let matching = loaded.index.packages.filter { $0.matches(term, kind: kind) }.prefix(max(0, limit))
        return (loaded, try listings(of: Array(matching), in: loaded.index))
    }

    /// The package that a reference means.
    package func details(
        _ reference: PackageReference,
        isOffline: Bool = false,
        allowUnsigned: Bool = false
    ) async throws -> Listing {
        let loaded = try await index(isOffline, allowUnsigned)
        let package = try Resolver(index: loaded.index, platform: platform).package(for: reference)
        return try listings(of: [package], in: loaded.index)[0]
    }

    private func listings(of packages: [StoreIndex.Package], in index: StoreIndex) throws -> [Listing] {
        let receipts = try InstalledPackages(layout: layout).receipts()
        let marks = try MarkBook(layout: layout).all()
        let check = UpdateCheck(index: index, platform: platform)
        return packages.map { package in
            let receipt = receipts.first { $0.name == package.name }
            return Listing(
                package: package,
                installed: receipt,
                update: receipt.flatMap(check.update),
                marks: marks[package.name] ?? PluginMarks()
            )
        }
    }
}

extension StoreIndex.Package {
    /// `term` in any case, with `_` as good as `-`.
    package func matches(_ term: String?, kind: String? = nil) -> Bool {
        guard kind.map({ $0 == self.kind }) ?? true else { return false }
        guard let term = term?.lowercased() else { return true }
        let texts = [name.description, summary, taskType ?? ""] + categories
        return texts.contains { text in
            let text = text.lowercased()
            return text.contains(term) || text.contains(term.replacing("_", with: "-"))
        }
    }
}
