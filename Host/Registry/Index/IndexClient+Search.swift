import Core

/// Searching: the signature of an index is checked each time, as ever; only reading its JSON is done once.
extension IndexClient {
    /// As ``browseAll(allowUnsigned:)``, with no more of each index than a search looks at.
    package func browseSummaries(
        allowUnsigned: Bool = false
    ) async throws -> (indexes: [Loaded<IndexSummary>], leftOut: [(name: String, error: RegistryError)]) {
        try await browseEach { entry in
            try await browse(entry, allowUnsigned: allowUnsigned, reading: summarized(as: entry))
        }
    }

    private func summarized(as entry: IndexEntry) -> IndexReading<IndexSummary> {
        let shelf = SummaryShelf(layout: layout, name: entry.address)
        return { bytes, digest in
            // It says nothing about an index of any other bytes.
            if let known = shelf.summary(), known.digest == digest { return (known, known.warnings) }
            let (index, warnings) = try Self.whole(bytes, digest)
            let summary = IndexSummary(index, warnings: warnings, digest: digest)
            shelf.keep(summary)
            return (summary, warnings)
        }
    }
}

/// Where the summary of one index lies from one search to the next.
struct SummaryShelf {
    private static let maxBytes = 64 << 20

    let layout: StoreLayout
    let name: String

    private var fileName: String { "index-\(SHA256Digest(of: Array(name.utf8)).hex.prefix(12))" }

    func summary() -> IndexSummary? {
        guard let folder = try? Folder.openIfPresent(layout.summariesFolder),
            let bytes = try? folder.openFile(fileName).readAll(maxBytes: Self.maxBytes)
        else { return nil }
        return IndexSummary(bytes)
    }

    /// An installation that is not there is not made by looking, and one may look without being its owner.
    func keep(_ summary: IndexSummary) {
        guard (try? Folder.openIfPresent(layout.root.path)) ?? nil != nil else { return }
        try? Folder.make(layout.summariesFolder).replaceFile(fileName, with: summary.encoded())
    }
}
