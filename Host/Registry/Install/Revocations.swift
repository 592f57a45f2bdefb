import Core

extension StoreIndex {
    /// Why an installed package is taken back for good, as the end of a sentence; nil when it is not.
    func revocation(of receipt: Receipt) -> String? {
        if revokedDigests.contains(receipt.archiveDigest) { return "the store revoked this package" }
        if let key = receipt.key, revokedKeys.contains(key.id) {
            return "the store revoked the key \(key.id) that signed it"
        }
        return nil
    }
}

extension StorePolicy {
    /// Why the operator takes an installed package back, as the end of a sentence.
    func revocation(of receipt: Receipt) -> String? { receipt.key.flatMap(revocation) }

    func revocation(of key: PublicKey) -> String? {
        revokedKeys.contains(key.id) ? "the key \(key.id) that signed it was revoked on this host" : nil
    }
}

extension StoreIndexes {
    /// Why any of the signed indexes takes an installed package back; a hash is the same package wherever it came from.
    func revocation(of receipt: Receipt) -> String? {
        for index in indexes where index.trust != .unsigned {
            // Keys are a matter of the index that the package came from.
            if index.index.revokedDigests.contains(receipt.archiveDigest) || receipt.comes(from: index),
                let reason = index.index.revocation(of: receipt)
            {
                return reason
            }
        }
        return nil
    }
}

/// Marks installed packages that an index has revoked.
///
/// They are not served any more, and not deleted: what is wrong with them may have to be looked into. A mark stays when
/// a later copy of the index says nothing of it.
package struct Revocations: Sendable {
    let layout: StoreLayout
    let policy: StorePolicy
    /// How long a change of plugins by somebody else is waited for.
    let patience: Duration

    package init(layout: StoreLayout, policy: StorePolicy, patience: Duration = .seconds(3)) {
        self.layout = layout
        self.policy = policy
        self.patience = patience
    }

    /// Compares the receipts with the copies of the indexes that are here, never with the network.
    ///
    /// Returns the packages that are revoked, with the reason, those marked before as well.
    package func mark() async throws -> [(receipt: Receipt, reason: String)] {
        let receipts = try InstalledPackages(layout: layout).receipts()
        guard !receipts.isEmpty else { return [] }
        let book = MarkBook(layout: layout)
        let kept = await IndexClient(layout: layout, policy: policy).keptForBrowsing()
        var revoked: [(receipt: Receipt, reason: String)] = []
        for receipt in receipts {
            if let reason = try book.marks(of: receipt.name).revocation(of: receipt) {
                revoked.append((receipt, reason))
            } else if let reason = policy.revocation(of: receipt) ?? kept.revocation(of: receipt) {
                try await mark(receipt, reason, in: book)
                revoked.append((receipt, reason))
            }
        }
        return revoked
    }

    /// Under the lock: whoever changes plugins at this moment may be changing this plugin's marks.
    ///
    /// A change that is as good as done is waited for; for a longer one the error says that the check did not happen.
    private func mark(_ receipt: Receipt, _ reason: String, in book: MarkBook) async throws {
        let deadline = ContinuousClock.now + patience
        while true {
            do {
                try book.changeLocked(receipt.name) { marks in
                    marks.revocation = .init(archiveDigest: receipt.archiveDigest, reason: reason)
                }
                return
            } catch let error as RegistryError where error.exitCode == .locked && ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }
}

extension PluginMarks {
    /// Why this installed package is revoked; nil when it is not, or when it was another version that was.
    package func revocation(of receipt: Receipt) -> String? {
        revocation.flatMap { $0.archiveDigest == receipt.archiveDigest ? $0.reason : nil }
    }
}
