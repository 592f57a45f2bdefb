import Core

/// Puts right what a process that was ended in the middle left behind.
///
/// Runs under the lock, before every change.
///
/// Receipts decide. A crash before a receipt was written leaves a stage, a stored folder or a link that no receipt
/// names: they go, or are pointed back. A crash while removing leaves a folder without a receipt: it goes as well.
struct StoreRepair {
    let layout: StoreLayout

    func run() throws {
        if let staging = try Folder.openIfPresent(layout.stagingFolder) {
            for name in try staging.names() { try staging.removeTree(name) }
        }
        let receipts = try ReceiptBook(layout: layout).all()
        try repairLinks(receipts)
        try removeStrangers(receipts)
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
        let kept = Set(receipts.flatMap { [$0.storePath, $0.previousStorePath].compactMap(\.self) })
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
