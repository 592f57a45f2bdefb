package import Core

/// Takes packages away again.
package struct Removal: Sendable {
    /// What went, and what nobody needs any more now.
    package struct Outcome: Sendable {
        package let removed: [Receipt]
        /// They came for the sake of others that are gone.
        package let orphans: [Receipt]
    }

    let layout: StoreLayout
    /// Also forgets what the plugin itself kept; called for each package once it is gone.
    let purge: (@Sendable (PluginName) throws -> Void)?

    package init(layout: StoreLayout, purge: (@Sendable (PluginName) throws -> Void)? = nil) {
        self.layout = layout
        self.purge = purge
    }

    /// Removes the packages that the references mean, all of them or none.
    package func remove(_ references: [PackageReference], isDryRun: Bool = false) throws -> Outcome {
        let lock = try InstallLock.take(layout)
        defer { withExtendedLifetime(lock) {} }
        try StoreRepair(layout: layout).run()
        var receipts: [Receipt] = []
        for reference in references {
            let receipt = try InstalledPackages(layout: layout).receipt(for: reference)
            if !receipts.contains(receipt) { receipts.append(receipt) }
        }
        if isDryRun {
            try DependencyRule(layout: layout).checkRemoval(of: receipts)
            return Outcome(removed: receipts, orphans: [])
        }
        return try removeUnlocked(receipts)
    }

    /// For a caller that holds the lock.
    func removeUnlocked(_ receipts: [Receipt]) throws -> Outcome {
        let rule = DependencyRule(layout: layout)
        try rule.checkRemoval(of: receipts)
        for receipt in receipts { try remove(receipt) }
        return Outcome(removed: receipts, orphans: try rule.orphans())
    }

    package func remove(_ reference: PackageReference) throws -> Receipt { try remove([reference]).removed[0] }

    /// The receipt goes first: from then on nothing loads it, and a crash leaves only folders that the next run removes.
    private func remove(_ receipt: Receipt) throws {
        try ReceiptBook(layout: layout).remove(receipt.name)
        let active = try Folder.make(layout.activeFolder)
        try active.removeIfPresent(receipt.name.folderName)
        try active.synchronize()
        try StoreFolder(layout: layout).removeAll(of: receipt.name)
        // A plugin that comes back later is a new one, and not disabled by a decision about the old one.
        try MarkBook(layout: layout).remove(receipt.name)
        try purge?(receipt.name)
    }
}
