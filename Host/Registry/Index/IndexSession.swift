import Core

/// The indexes that one change works with, fetched when they are first needed and no sooner.
///
/// The one place that says from which index a package comes: names are bound to the index they were installed from.
struct IndexSession {
    private let layout: StoreLayout
    private let entries: [IndexEntry]
    private let fetch: @Sendable (IndexEntry) async throws -> LoadedIndex
    private var loaded: [String: LoadedIndex] = [:]

    init(
        layout: StoreLayout,
        entries: [IndexEntry],
        fetch: @escaping @Sendable (IndexEntry) async throws -> LoadedIndex
    ) {
        self.layout = layout
        self.entries = entries
        self.fetch = fetch
    }

    /// The index that a reference means.
    ///
    /// Where it names none, every index is asked, as two that offer one name must not be taken for one.
    mutating func index(for reference: PackageReference) async throws -> LoadedIndex {
        let receipts = try ReceiptBook(layout: layout).all()
        let installed = try reference.choose(from: receipts, name: \.name, taskType: \.taskType)
        let named = reference.index.flatMap { name in entries.first { $0.name == name } }
        let indexes = StoreIndexes(try await load(named.map { [$0] } ?? entries))
        return try indexes.find(reference, installed: installed).index
    }

    /// The index that an installed package came from; nil when that is none of this installation's any more.
    mutating func index(of receipt: Receipt) async throws -> LoadedIndex? {
        if let entry = entries.first(where: { $0.name == receipt.indexName }) {
            let index = try await load([entry])[0]
            if receipt.comes(from: index) { return index }
        }
        return StoreIndexes(try await load(entries)).origin(of: receipt)
    }

    /// One that cannot be believed stops the change: whoever can make it fail could else choose which index answers.
    private mutating func load(_ wanted: [IndexEntry]) async throws -> [LoadedIndex] {
        var indexes: [LoadedIndex] = []
        for entry in wanted {
            if loaded[entry.name] == nil { loaded[entry.name] = try await load(entry) }
            if let index = loaded[entry.name] { indexes.append(index) }
        }
        return indexes
    }

    private func load(_ entry: IndexEntry) async throws -> LoadedIndex {
        do { return try await fetch(entry) } catch let error as RegistryError where entries.count > 1 {
            let hint = "This is the index \(entry.name); to do without it, name the index, as in INDEX:OWNER/NAME."
            throw RegistryError(
                error.exitCode,
                error.code,
                error.message,
                hint: [error.hint, hint].compactMap(\.self).joined(separator: " ")
            )
        }
    }
}
