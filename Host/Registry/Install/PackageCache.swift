import Core
import Glibc

/// Package files by their hash: `plugins/cache/HEX.package`.
///
/// A hash that was asked for is checked again whenever a file is handed out.
package struct PackageCache: Sendable {
    private static let suffix = ".package"

    let layout: StoreLayout

    package init(layout: StoreLayout) { self.layout = layout }

    /// The file with that hash; one that has another by now is removed and is as none.
    func file(_ digest: SHA256Digest) throws -> OpenFile? {
        guard let folder = try Folder.openIfPresent(layout.cacheFolder), try folder.status(Self.name(digest)) != nil
        else { return nil }
        let file = try folder.openFile(Self.name(digest))
        if try SHA256Digest.ofFile(file).digest == digest { return file }
        try folder.removeIfPresent(Self.name(digest))
        return nil
    }

    /// A place for a file that is not there yet.
    func store(_ digest: SHA256Digest) throws -> Incoming {
        try Incoming(digest, in: Folder.make(layout.cacheFolder), as: Self.name(digest))
    }

    /// A file that is being written; it gets its name once its hash is right, and goes if that never happens.
    final class Incoming {
        let file: OpenFile
        private let digest: SHA256Digest
        private let folder: Folder
        private let name: String
        /// Of this process alone: another may be fetching the same.
        private var partial: String { ".\(digest.hex.prefix(12)).\(getpid()).part" }

        fileprivate init(_ digest: SHA256Digest, in folder: Folder, as name: String) throws {
            (self.digest, self.folder, self.name) = (digest, folder, name)
            let partial = ".\(digest.hex.prefix(12)).\(getpid()).part"
            try folder.removeIfPresent(partial)
            file = try folder.createFile(partial, mode: 0o600)
        }

        deinit { _ = try? folder.removeIfPresent(partial) }

        /// `subject` begins the sentence about a file with another hash.
        func keep(_ subject: String, size expected: Int? = nil) throws -> OpenFile {
            // The size first: it costs nothing.
            if let expected, try file.status().size != expected {
                let size = try file.status().size
                throw PackageCache.wrong(subject, "size_wrong", "has \(size) bytes, expected were \(expected)")
            }
            let found = try SHA256Digest.ofFile(file).digest
            guard found == digest else {
                throw PackageCache.wrong(
                    subject,
                    "hash_wrong",
                    "has SHA-256 \(found.hex), expected was \(digest.hex)"
                )
            }
            // Not forced to disk: what a power cut makes of it is found out when it is handed out.
            try folder.rename(partial, to: folder, as: name)
            return file
        }
    }

    static func wrong(_ subject: String, _ code: String, _ reason: String) -> RegistryError {
        RegistryError(
            .verificationFailed,
            code,
            "\(subject) \(reason).",
            hint: "Nothing was installed. The file was damaged or changed; tell the store's operator."
        )
    }

    private static func name(_ digest: SHA256Digest) -> String { digest.hex + suffix }

    /// One kept package file.
    package struct Entry: Sendable, Hashable {
        package let digest: SHA256Digest
        package let size: Int
    }

    /// The packages that are kept, by hash.
    package func entries() throws -> [Entry] {
        guard let folder = try Folder.openIfPresent(layout.cacheFolder) else { return [] }
        return try folder.names().compactMap { name in
            guard name.hasSuffix(Self.suffix), let digest = SHA256Digest(hex: String(name.dropLast(Self.suffix.count))),
                let status = try folder.status(name), status.isRegular
            else { return nil }
            return Entry(digest: digest, size: status.size)
        }
    }

    /// Removes every package file, and what a broken download left; copies of indexes stay.
    ///
    /// Returns what was removed.
    package func clean() throws -> [Entry] {
        let lock = try InstallLock.take(layout)
        defer { withExtendedLifetime(lock) {} }
        let removed = try entries()
        guard let folder = try Folder.openIfPresent(layout.cacheFolder) else { return [] }
        for name in try folder.names() where name.hasSuffix(Self.suffix) || name.hasSuffix(".part") {
            try folder.removeIfPresent(name)
        }
        try folder.synchronize()
        return removed
    }
}
