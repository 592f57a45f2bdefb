import Core

/// Takes packages away again.
package struct Removal: Sendable {
    let layout: StoreLayout

    package init(layout: StoreLayout) { self.layout = layout }

    /// Removes the package a reference means and returns what it was.
    ///
    /// The receipt goes first: from then on nothing loads it, and a crash leaves only folders that the next run removes.
    package func remove(_ reference: PackageReference) throws -> Receipt {
        let lock = try InstallLock.take(layout)
        defer { withExtendedLifetime(lock) {} }
        try StoreRepair(layout: layout).run()
        let book = ReceiptBook(layout: layout)
        let receipt = try InstalledPackages(layout: layout).receipt(for: reference)
        try DependencyRule(layout: layout).checkRemoval(of: receipt)
        try book.remove(receipt.name)
        let active = try Folder.make(layout.activeFolder)
        try active.removeIfPresent(receipt.name.folderName)
        try active.synchronize()
        try StoreFolder(layout: layout).removeAll(of: receipt.name)
        return receipt
    }
}
