import Core

/// The indexes that one change works with, fetched when they are first needed and no sooner.
///
/// The one place that says from which index a package comes: names are bound to the index they were installed from.
struct IndexSession {
    private let layout: StoreLayout
    private let fetch: @Sendable () async throws -> StoreIndexes
    private var loaded: StoreIndexes?

    init(layout: StoreLayout, fetch: @escaping @Sendable () async throws -> StoreIndexes) {
        self.layout = layout
        self.fetch = fetch
    }

    /// The index that a reference means.
    mutating func index(for reference: PackageReference) async throws -> LoadedIndex {
        let receipts = try ReceiptBook(layout: layout).all()
        let installed = try reference.choose(from: receipts, name: \.name, taskType: \.taskType)
        return try await load().find(reference, installed: installed).index
    }

    /// The index that an installed package came from; nil when that is none of this installation's any more.
    mutating func index(of receipt: Receipt) async throws -> LoadedIndex? { try await load().origin(of: receipt) }

    private mutating func load() async throws -> StoreIndexes {
        if let loaded { return loaded }
        let indexes = try await fetch()
        loaded = indexes
        return indexes
    }
}
