package import Core
import Manifests

/// One installed package, fit to be loaded.
package struct InstalledPackage: Sendable {
    package let receipt: Receipt
    package let manifest: Manifest
    /// Holds skill.yaml.
    package let folder: String
    /// The library for this machine.
    package let libraryPath: String

    /// The manifest of an installed version, when it is still the one that was consented to.
    static func manifest(of receipt: Receipt, layout: StoreLayout) -> Manifest? {
        try? InstalledPackages(layout: layout).manifest(of: receipt)
    }
}

/// What is installed, as the receipts tell.
///
/// Reads files, never the network, and never runs anything.
package struct InstalledPackages: Sendable {
    /// A package that has a receipt and must not be loaded.
    package struct Refused: Sendable {
        /// Its folder, or its receipt when that cannot be read.
        package let path: String
        package let reason: String
        package let fix: String
    }

    let layout: StoreLayout

    package init(layout: StoreLayout) { self.layout = layout }

    /// Every receipt, sorted by name.
    package func receipts() throws -> [Receipt] { try ReceiptBook(layout: layout).all().sorted { $0.name < $1.name } }

    /// The receipt of the package a reference means; throws when it is not installed.
    package func receipt(for reference: PackageReference) throws -> Receipt {
        let receipts = try receipts()
        let chosen = try reference.choose(from: receipts, name: \.name, taskType: \.taskType)
        if let chosen, reference.requirement?.isSatisfied(by: chosen.version) ?? true { return chosen }
        throw RegistryError(
            .notFound,
            "not_installed",
            "\(reference.description.quotedForMessage()) is not installed.",
            hint: "See what is with `prax-host plugins list`."
        )
    }

    /// What the runtime may load: packages whose skill.yaml and library are still those that were checked.
    package static func scan(
        _ root: InstallationRoot,
        platform: HostPlatform = .current
    ) -> (packages: [InstalledPackage], refused: [Refused]) {
        let layout = StoreLayout(root)
        do {
            return try InstalledPackages(layout: layout).scan(platform: platform)
        } catch {
            let fix = "Check the permissions of \(layout.folder)."
            return ([], [Refused(path: layout.receiptsFolder, reason: "\(error)", fix: fix)])
        }
    }

    private func scan(platform: HostPlatform) throws -> (packages: [InstalledPackage], refused: [Refused]) {
        var packages: [InstalledPackage] = []
        let (receipts, damaged) = try ReceiptBook(layout: layout).load()
        var refused = damaged.map { file in
            let path = layout.receiptsFolder + "/" + file.file
            return Refused(path: path, reason: file.reason, fix: "Install the plugin again.")
        }
        for receipt in receipts.sorted(by: { $0.name < $1.name }) {
            let folder = layout.storeFolder + "/" + receipt.storePath
            do {
                let manifest = try manifest(of: receipt)
                guard let entry = manifest.entry[platform.name] else {
                    throw RegistryError.incompatible("It has no library for \(platform.name).")
                }
                try checkLibraries(of: receipt, entry: entry)
                packages.append(
                    InstalledPackage(
                        receipt: receipt,
                        manifest: manifest,
                        folder: folder,
                        libraryPath: folder + "/" + entry
                    )
                )
            } catch {
                let fix = "prax-host plugins install --force \(receipt.name)"
                refused.append(
                    Refused(path: folder, reason: (error as? RegistryError)?.message ?? "\(error)", fix: fix)
                )
            }
        }
        return (packages, refused)
    }

    func manifest(of receipt: Receipt) throws -> Manifest {
        let bytes = try checked(PackagePath.manifest, of: receipt)
        return try ManifestReader.read(bytes: bytes, source: "\(receipt.name)/skill.yaml").manifest
    }

    /// The library and those beside it that it may pull in.
    private func checkLibraries(of receipt: Receipt, entry: String) throws {
        let libraries = receipt.files.keys.filter { $0.hasPrefix("lib/") }.sorted()
        guard libraries.contains(entry) else {
            throw RegistryError.modified("\(entry.quotedForMessage()) is not in the receipt")
        }
        for library in libraries { _ = try checked(library, of: receipt) }
    }

    /// The bytes of a file that still has the size and hash of the receipt.
    private func checked(_ path: String, of receipt: Receipt) throws -> [UInt8] {
        let parts = path.split(separator: "/").map(String.init)
        let top = try Folder.open(layout.storeFolder + "/" + receipt.storePath)
        let parent = try parts.dropLast().reduce(top) { try $0.folder($1) }
        let file = try parent.openFile(parts.last ?? path)
        guard let listed = receipt.files[path], try file.status().size == listed.size else {
            throw RegistryError.modified("\(path.quotedForMessage()) has another size than was signed")
        }
        let bytes = try file.readAll(maxBytes: listed.size)
        guard SHA256Digest(of: bytes) == listed.digest else {
            throw RegistryError.modified("\(path.quotedForMessage()) has other content than was signed")
        }
        return bytes
    }
}
