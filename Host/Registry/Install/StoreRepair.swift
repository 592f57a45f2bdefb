import Core

/// Puts right what a process that was ended in the middle left behind.
///
/// Runs under the lock, before every change and when a host starts.
///
/// Receipts decide. A crash before a receipt was written leaves a stage, a stored folder or a link that no receipt
/// names: they go, or are pointed back. A crash while removing leaves a folder without a receipt: it goes as well.
package struct StoreRepair {
    let layout: StoreLayout

    package init(layout: StoreLayout) { self.layout = layout }

    /// Takes the lock itself; returns false when another process changes plugins at this moment and so has repaired.
    @discardableResult
    package func runUnlessLocked() throws -> Bool {
        guard try Folder.openIfPresent(layout.folder) != nil else { return true }
        let lock: InstallLock
        do { lock = try InstallLock.take(layout) } catch let error as RegistryError where error.exitCode == .locked {
            return false
        }
        defer { withExtendedLifetime(lock) {} }
        try run()
        return true
    }

    func run() throws {
        if let staging = try Folder.openIfPresent(layout.stagingFolder) {
            for name in try staging.names() { try staging.removeTree(name) }
        }
        for path in [layout.receiptsFolder, layout.marksFolder] { try removeTemporaries(in: path) }
        let (receipts, damaged) = try ReceiptBook(layout: layout).load()
        // What a receipt that cannot be read now speaks for may be whole: nothing is cleared away until it can.
        guard damaged.isEmpty else { return }
        try repairLinks(receipts)
        try removeStrangers(receipts)
        try ReceiptBook(layout: layout).removeKeepsakes(except: Self.storePaths(receipts))
    }

    private static func storePaths(_ receipts: [Receipt]) -> Set<String> {
        Set(receipts.flatMap { [$0.storePath, $0.previousStorePath].compactMap(\.self) })
    }

    /// Files that were being written and never got their name.
    private func removeTemporaries(in path: String) throws {
        guard let folder = try Folder.openIfPresent(path) else { return }
        for name in try folder.names() where name.hasPrefix(".") { try folder.removeTree(name) }
    }

    private func repairLinks(_ receipts: [Receipt]) throws {
        guard let active = try Folder.openIfPresent(layout.activeFolder) else { return }
        let known = Set(receipts.map(\.name.folderName))
        for name in try active.names() where !known.contains(name) { try active.removeTree(name) }
        for receipt in receipts where active.linkTarget(receipt.name.folderName) != "../store/" + receipt.storePath {
            try active.replaceLink(receipt.name.folderName, to: "../store/" + receipt.storePath)
        }
    }

    private func removeStrangers(_ receipts: [Receipt]) throws {
        guard let store = try Folder.openIfPresent(layout.storeFolder) else { return }
        let kept = Self.storePaths(receipts)
        for owner in try store.names() {
            let ownerFolder = try store.folder(owner)
            for package in try ownerFolder.names() {
                let packageFolder = try ownerFolder.folder(package)
                for version in try packageFolder.names() where !kept.contains("\(owner)/\(package)/\(version)") {
                    try packageFolder.removeTree(version)
                }
                ownerFolder.removeIfEmpty(package)
            }
            store.removeIfEmpty(owner)
        }
    }
}
