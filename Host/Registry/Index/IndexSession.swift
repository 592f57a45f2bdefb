import Core

/// The index that one change works with, fetched when it is first needed and no sooner.
///
/// The one place that says from which index a package comes: names are bound to the index they were installed from.
struct IndexSession {
    private let fetch: @Sendable () async throws -> LoadedIndex
    private var loaded: LoadedIndex?

    init(fetch: @escaping @Sendable () async throws -> LoadedIndex) { self.fetch = fetch }

    /// An index that is at hand already, such as that of a bundle.
    init(_ index: LoadedIndex) {
        fetch = { index }
        loaded = index
    }

    /// The index that a reference means.
    mutating func index(for reference: PackageReference) async throws -> LoadedIndex { try await load() }

    /// The index that an installed package came from.
    mutating func index(of receipt: Receipt) async throws -> LoadedIndex { try await load() }

    private mutating func load() async throws -> LoadedIndex {
        if let loaded { return loaded }
        let index = try await fetch()
        loaded = index
        return index
    }
}
