import Core
import Egress

/// Packages that come from no index: a file of this machine, one behind a URL, one of the cache.
extension Installer {
    /// The open file that a reference names and its digest; nil when it names a package of an index.
    func file(
        of reference: PackageReference,
        options: InstallOptions
    ) async throws -> (file: OpenFile, digest: SHA256Digest)? {
        switch reference.subject {
        case .full, .short: return nil
        case .file(let path):
            try hooks.step(.verifying, nil)
            return try open(path)
        case .digest(let digest):
            try hooks.step(.verifying, nil)
            return (try cached(digest), digest)
        case .url(let address):
            return (try await download(address, options: options), try required(options.digest))
        }
    }

    private func open(_ path: String) throws -> (OpenFile, SHA256Digest) {
        let file = try OpenFile.reading(path)
        let size = try file.status().size
        guard size <= ArchiveLimits().maxPackedBytes else {
            throw RegistryError.archive("it has \(size) bytes, at most \(ArchiveLimits().maxPackedBytes) are accepted")
        }
        return (file, try SHA256Digest.ofFile(file).digest)
    }

    private func cached(_ digest: SHA256Digest) throws -> OpenFile {
        guard let file = try PackageCache(layout: layout).file(digest) else {
            throw RegistryError(
                .notFound,
                "not_cached",
                "The cache has no package sha256:\(digest.hex).",
                hint: "See what it has with `prax-host plugins cache info`."
            )
        }
        return file
    }

    private func required(_ digest: SHA256Digest?) throws -> SHA256Digest {
        guard let digest else {
            throw RegistryError(
                .usage,
                "sha256_missing",
                "A package behind a URL needs the hash that it must have.",
                hint: "Pass --sha256 with its 64 digits, from a place you trust."
            )
        }
        return digest
    }

    private func download(_ address: String, options: InstallOptions) async throws -> OpenFile {
        let digest = try required(options.digest)
        if let file = try PackageCache(layout: layout).file(digest) { return file }
        guard !policy.isOffline else {
            throw RegistryError.offline("\(address.quotedForMessage()) is not in the cache")
        }
        try hooks.step(.downloading, nil)
        do {
            let address = try WebAddress(address)
            let cache = try PackageCache(layout: layout).store(digest)
            let limit = ArchiveLimits().maxPackedBytes
            let hooks = hooks
            _ = try await Downloader(policy: policy.download)
                .fetch(address, into: cache.file.descriptor, maxBytes: limit) { progress in
                    hooks.progress(progress.receivedBytes, progress.expectedBytes ?? 0)
                }
            try hooks.step(.verifying, nil)
            return try cache.keep("The package at \(address.place)")
        } catch let error as DownloadError { throw RegistryError(error) }
    }
}

extension RegistryError {
    static func offline(_ message: String) -> RegistryError {
        RegistryError(
            .network,
            "offline",
            "\(message), and --offline forbids to fetch it.",
            hint: "Leave out --offline, or bring it with `prax-host plugins bundle` or `mirror`."
        )
    }
}
