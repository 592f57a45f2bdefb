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
        let cache = PackageCache(layout: layout)
        let subject = "The package of \(name)"
        if let file = try cache.file(artifact.digest) {
            let size = try file.status().size
            guard size == artifact.size else {
                throw PackageCache.wrong(subject, "size_wrong", "has \(size) bytes, expected were \(artifact.size)")
            }
            return file
        }
        let address = try source.artifact(artifact.url)
        guard !policy.isOffline || address.scheme == "file" else {
            throw RegistryError.offline("\(subject) is not here")
        }
        try hooks.step(.downloading, name)
        let incoming = try cache.store(artifact.digest)
        let hooks = hooks
        // The cap is the size in the signed index: a longer body ends before its tail is even read.
        do {
            _ = try await Downloader(policy: policy.download)
                .fetch(address, into: incoming.file.descriptor, maxBytes: artifact.size) { progress in
                    hooks.progress(progress.receivedBytes, artifact.size)
                }
        } catch let error as DownloadError { throw RegistryError(error) }
        try hooks.step(.verifying, name)
        return try incoming.keep(subject, size: artifact.size)
    }
}
