import Core
import Egress

/// The indexes of an installation, read for one command.
package struct StoreIndexes: Sendable {
    package let indexes: [LoadedIndex]

    package init(_ indexes: [LoadedIndex]) { self.indexes = indexes }

    /// The index and the package that a reference means.
    ///
    /// A package stays with the index it came from: were another one, however trusted, to offer the same name, it could
    /// replace what somebody else had published (dependency confusion). A name that two indexes offer and that is not
    /// installed is never "first wins".
    package func find(
        _ reference: PackageReference,
        installed: Receipt?
    ) throws -> (index: LoadedIndex, package: StoreIndex.Package) {
        if let name = reference.index {
            guard let index = indexes.first(where: { $0.name == name }) else { throw unknownIndex(name) }
            guard let package = try index.package(for: reference) else { throw notFound(reference) }
            if let installed, installed.name == package.name { try installed.checkOrigin(isStill: index) }
            return (index, package)
        }
        let offers = try indexes.compactMap { index in try index.package(for: reference).map { (index, $0) } }
        if let installed {
            if let bound = offers.first(where: { installed.comes(from: $0.0) && $0.1.name == installed.name }) {
                return bound
            }
            if let other = offers.first(where: { $0.1.name == installed.name }) {
                try installed.checkOrigin(isStill: other.0)
            }
        }
        guard let first = offers.first else { throw notFound(reference) }
        guard offers.count == 1 else { throw ambiguous(reference, offers.map { "\($0.0.name):\($0.1.name)" }) }
        return first
    }

    /// The index that an installed package came from.
    package func origin(of receipt: Receipt) -> LoadedIndex? { indexes.first { receipt.comes(from: $0) } }

    /// A newer version of an installed package, in the index it came from.
    package func update(for receipt: Receipt) -> Update? {
        origin(of: receipt).flatMap { UpdateCheck(index: $0.index).update(for: receipt) }
    }

    private func unknownIndex(_ name: String) -> RegistryError {
        RegistryError(
            .notFound,
            "index_unknown",
            "There is no index named \(name.quotedForMessage()).",
            hint: "Known are \(indexes.map(\.name).joined(separator: ", ")); see `prax-host plugins index add`."
        )
    }

    private func notFound(_ reference: PackageReference) -> RegistryError {
        RegistryError(
            .notFound,
            "package_not_found",
            "The index has no package \(reference.description.quotedForMessage()).",
            hint: "Look for it with `prax-host plugins search`."
        )
    }

    private func ambiguous(_ reference: PackageReference, _ names: [String]) -> RegistryError {
        RegistryError(
            .usage,
            "reference_ambiguous",
            "\(reference.description.quotedForMessage()) could be \(names.joined(separator: " or ")).",
            hint: "Say which index: prax-host plugins install \(names.first ?? "")."
        )
    }
}

extension LoadedIndex {
    func package(for reference: PackageReference) throws -> StoreIndex.Package? {
        try reference.choose(from: index.packages, name: \.name, taskType: \.taskType)
    }
}

extension Receipt {
    /// Whether the package was installed from this index: by its name, by its address, or from a mirror of it, which its
    /// signature shows.
    func comes(from other: LoadedIndex) -> Bool {
        if let indexName, indexName != IndexEntry.defaultName, indexName == other.name { return true }
        if index == other.source.address.text { return true }
        return indexKey.map { key in other.signers.contains { $0.id == key } } ?? false
    }

    /// Throws when the package came from another index than this one; one from a file may move to any.
    func checkOrigin(isStill other: LoadedIndex) throws {
        guard index != nil, !comes(from: other) else { return }
        throw RegistryError(
            .conflict,
            "other_index",
            "\(name) came from \(indexName ?? index ?? "another index"), and "
                + "the index \(other.name) offers a package of the same name.",
            hint: "A package stays with its index. To change over, remove it first: prax-host plugins remove \(name)."
        )
    }
}
