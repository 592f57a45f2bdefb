import Core
import Egress

/// The files of a store that say what it offers, by their path beside the index; where they come from is not said.
struct IndexFiles: Sendable {
    /// The file's bytes; nil when the store has none of that name.
    ///
    /// A store that cannot be asked is an error: a signature must not be lost to a hiccup of the network.
    let read: @Sendable (_ name: String, _ maxBytes: Int) async throws -> [UInt8]?

    /// From a store; an index that has not changed is taken from the copy kept of it.
    static func remote(
        _ source: IndexSource,
        _ downloader: Downloader,
        _ tags: EntityTags,
        usesCopies: Bool = true
    ) -> IndexFiles {
        IndexFiles { name, maxBytes in
            // Signatures and timestamps are too small to ask twice.
            let copy = usesCopies && name == source.fileName ? try? tags.kept(name, maxBytes: maxBytes) : nil
            let tag = copy == nil ? nil : tags.tag(of: name)
            do {
                let answer = try await downloader.fetch(source.file(name), maxBytes: maxBytes, unlessTagged: tag)
                if name == source.fileName { tags.note(answer.tag ?? (answer.isUnchanged ? tag : nil), of: name) }
                return answer.isUnchanged ? copy : answer.bytes
            } catch DownloadError.status(_, 404), DownloadError.status(_, 410), DownloadError.unreadableFile {
                return nil
            } catch let error as DownloadError { throw RegistryError(error) }
        }
    }

    /// From the copies that were kept of it.
    static func kept(_ cache: IndexCache) -> IndexFiles {
        IndexFiles { name, maxBytes in try cache.read(name, maxBytes: maxBytes) }
    }
}
