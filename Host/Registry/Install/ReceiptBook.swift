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
