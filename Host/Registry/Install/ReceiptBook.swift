import Core

/// The receipts of one installation.
struct ReceiptBook {
    let layout: StoreLayout

    /// A receipt that cannot be read counts as none: the plugin is not loaded and can be installed again.
    struct Damaged {
        let file: String
        let reason: String
    }

    func all() throws -> [Receipt] { try load().receipts }

    func load() throws -> (receipts: [Receipt], damaged: [Damaged]) {
        guard let folder = try existing() else { return ([], []) }
        var receipts: [Receipt] = []
        var damaged: [Damaged] = []
        for file in try folder.names() where file.hasSuffix(".json") && !file.hasPrefix(".") {
            do { receipts.append(try read(file, in: folder)) } catch {
                damaged.append(Damaged(file: file, reason: "\(error)"))
            }
        }
        return (receipts, damaged)
    }

    func receipt(of name: PluginName) throws -> Receipt? { try all().first { $0.name == name } }

    func write(_ receipt: Receipt) throws {
        try Folder.make(layout.receiptsFolder).replaceFile(Self.fileName(receipt.name), with: receipt.encoded())
    }

    /// Keeps what is known of a stored version, so that it can be gone back to.
    func keep(_ receipt: Receipt) throws {
        try Folder.make(layout.keepsakesFolder).replaceFile(Self.keepsake(receipt.storePath), with: receipt.encoded())
    }

    /// The receipt that a stored version had when it was installed; nil when there is none, or none that fits.
    func kept(_ storePath: String) throws -> Receipt? {
        guard let folder = try Folder.openIfPresent(layout.keepsakesFolder) else { return nil }
        let file = Self.keepsake(storePath)
        guard try folder.status(file) != nil else { return nil }
        let receipt = try Receipt(folder.openFile(file).readAll(maxBytes: Receipt.maxBytes), name: file)
        return receipt.storePath == storePath ? receipt : nil
    }

    /// Forgets the stored versions that no receipt names any more.
    func removeKeepsakes(except storePaths: Set<String>) throws {
        guard let folder = try Folder.openIfPresent(layout.keepsakesFolder) else { return }
        let names = Set(storePaths.map(Self.keepsake))
        for name in try folder.names() where !names.contains(name) { try folder.removeTree(name) }
    }

    /// `OWNER__NAME@VERSION-SHA12.json` of `OWNER/NAME/VERSION-SHA12`.
    private static func keepsake(_ storePath: String) -> String {
        let parts = storePath.split(separator: "/")
        return parts.prefix(2).joined(separator: "__") + "@" + (parts.last ?? "") + ".json"
    }

    func remove(_ name: PluginName) throws {
        let folder = try Folder.make(layout.receiptsFolder)
        try folder.removeIfPresent(Self.fileName(name))
        try folder.synchronize()
    }

    private func read(_ file: String, in folder: Folder) throws -> Receipt {
        let receipt = try Receipt(folder.openFile(file).readAll(maxBytes: Receipt.maxBytes), name: file)
        guard Self.fileName(receipt.name) == file else {
            throw RegistryError(
                .verificationFailed,
                "receipt_damaged",
                "The receipt \(file) is one of \(receipt.name)."
            )
        }
        return receipt
    }

    /// Nothing is made by looking.
    private func existing() throws -> Folder? {
        try Folder.openIfPresent(layout.receiptsFolder)
    }

    private static func fileName(_ name: PluginName) -> String { name.folderName + ".json" }
}
