import Core

/// Compares what is installed with what was signed, byte by byte.
package struct Verification: Sendable {
    package struct Result: Sendable {
        package let receipt: Receipt
        /// One sentence for each file that was modified, is missing or was added; empty when all is well.
        package let problems: [String]

        package var isIntact: Bool { problems.isEmpty }
    }

    let layout: StoreLayout
    let policy: StorePolicy

    package init(layout: StoreLayout, policy: StorePolicy) {
        self.layout = layout
        self.policy = policy
    }

    /// Checks the package a reference means, or every one.
    package func verify(_ reference: PackageReference?) throws -> [Result] {
        let installed = InstalledPackages(layout: layout)
        let receipts = try reference.map { [try installed.receipt(for: $0)] } ?? installed.receipts()
        return receipts.map { Result(receipt: $0, problems: problems(of: $0)) }
    }

    func problems(of receipt: Receipt) -> [String] {
        do { return try check(receipt) } catch { return ["it cannot be read: \(error)"] }
    }

    private func check(_ receipt: Receipt) throws -> [String] {
        guard let folder = try Folder.openIfPresent(layout.storeFolder + "/" + receipt.storePath) else {
            return ["its folder \(layout.storeFolder)/\(receipt.storePath) is missing"]
        }
        let tree = try InstalledTree(folder)
        var problems = tree.strangers.map { "\($0.quotedForMessage()) is not in the signed list" }
        guard tree.files.contains(where: { $0.path == PackagePath.fileList }) else {
            return problems + ["\(PackagePath.fileList) is missing"]
        }
        let meta = try folder.folder("META")
        let bytes = try meta.openFile("MANIFEST.json").readAll(maxBytes: PackageManifest.maxBytes)
        if SHA256Digest(of: bytes) != receipt.contentDigest {
            problems.append("\(PackagePath.fileList) is not the one that was installed")
        }
        if let key = receipt.key {
            do { try checkSignature(of: bytes, in: meta, key: key, name: receipt.name) } catch {
                problems.append("\(PackagePath.signature): \(error)")
            }
        }
        return problems + (try PackageManifest(bytes).differences(from: tree.files))
    }

    private func checkSignature(of bytes: [UInt8], in meta: Folder, key: PublicKey, name: PluginName) throws {
        guard try meta.status("MANIFEST.sig") != nil else {
            throw RegistryError(.verificationFailed, "signature_missing", "The signature is missing.")
        }
        let signature = try meta.openFile("MANIFEST.sig").readAll(maxBytes: SignatureFile.maxBytes)
        // A key in use today replaces the receipt's copy of it; a publisher's key was vouched for by the index then.
        let keys = policy.trustedKeys.filter { $0.id == key.id } + [key]
        let subject = "The package \(name)"
        _ = try SignatureFile(signature, of: subject).signer(of: bytes, as: .manifest, among: keys, subject: subject)
    }
}
