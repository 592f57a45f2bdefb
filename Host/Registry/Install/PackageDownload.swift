import Core
import Egress

/// Fetches a package by its hash: the cache is asked first, and what comes out has the size and hash of the index.
struct PackageDownload {
    let layout: StoreLayout
    let policy: StorePolicy
    let hooks: InstallHooks

    func fetch(
        _ artifact: StoreIndex.Artifact,
        of name: PluginName,
        from source: IndexSource
    ) async throws -> OpenFile {
        let limit = ArchiveLimits().maxPackedBytes
        guard artifact.size <= limit else {
            throw RegistryError.archive("the index gives it \(artifact.size) bytes, at most \(limit) are accepted")
        }
        let cache = try Folder.make(layout.cacheFolder)
        let fileName = artifact.digest.hex + ".package"
        if try cache.status(fileName) != nil {
            let file = try cache.openFile(fileName)
            if (try? check(file, artifact, name)) != nil { return file }
            try cache.removeIfPresent(fileName)
        }
        let address = try source.artifact(artifact.url)
        guard !policy.isOffline || address.scheme == "file" else {
            throw RegistryError(
                .network,
                "offline",
                "The package of \(name) is not among those kept here, and --offline forbids to fetch it.",
                hint: "Install it once with the network, or bring it as a file or a bundle."
            )
        }
        try hooks.step(.downloading, name)
        let partial = ".\(artifact.digest.hex.prefix(12)).part"
        try cache.removeIfPresent(partial)
        defer { _ = try? cache.removeIfPresent(partial) }
        let file = try cache.createFile(partial, mode: 0o600)
        let hooks = hooks
        // The cap is the size in the signed index: a longer body ends before its tail is even read.
        do {
            _ = try await Downloader(policy: policy.download)
                .fetch(address, into: file.descriptor, maxBytes: artifact.size) { progress in
                    hooks.progress(progress.receivedBytes, artifact.size)
                }
        } catch let error as DownloadError { throw RegistryError(error) }
        try hooks.step(.verifying, name)
        try check(file, artifact, name)
        try cache.rename(partial, to: cache, as: fileName)
        return file
    }

    /// The size first: it costs nothing.
    private func check(_ file: OpenFile, _ artifact: StoreIndex.Artifact, _ name: PluginName) throws {
        let size = try file.status().size
        guard size == artifact.size else {
            throw wrong(name, "size_wrong", "has \(size) bytes, the index says \(artifact.size)")
        }
        let digest = try SHA256Digest.ofFile(file).digest
        guard digest == artifact.digest else {
            throw wrong(name, "hash_wrong", "has SHA-256 \(digest.hex), the index says \(artifact.digest.hex)")
        }
    }

    private func wrong(_ name: PluginName, _ code: String, _ reason: String) -> RegistryError {
        RegistryError(
            .verificationFailed,
            code,
            "The package of \(name) \(reason).",
            hint: "Nothing was installed. The file was damaged or changed; tell the store's operator."
        )
    }
}
