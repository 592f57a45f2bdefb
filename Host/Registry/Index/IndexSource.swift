import Core
package import Egress
import Glibc

/// Where an index lies, with the addresses of what stands beside it and of what it names.
package struct IndexSource: Sendable, Hashable {
    package let address: WebAddress

    /// `text`: a URL of skills.json or of the folder that holds it, or such a path on this machine.
    package init(_ text: String) throws {
        do {
            let isURL = text.contains("://") || text.hasPrefix("file:")
            let given = isURL ? try WebAddress(text) : try WebAddress(filePath: try Self.absolute(text))
            if given.path.hasSuffix(".json") {
                address = given
            } else {
                // A relative address resolves below a folder only when the folder's own ends with a slash.
                let folder = given.text.hasSuffix("/") ? given : try WebAddress(given.text + "/")
                address = try WebAddress("skills.json", relativeTo: folder)
            }
        } catch let error as DownloadError { throw RegistryError(error) }
    }

    /// The index's own name, mostly skills.json.
    package var fileName: String { address.path.split(separator: "/").last.map(String.init) ?? "skills.json" }

    /// The address of the index itself, by its `fileName`, or of what stands beside it, such as
    /// `registry/timestamp.json`.
    func file(_ name: String) throws -> WebAddress {
        name == fileName ? address : try WebAddress(name, relativeTo: address)
    }

    /// The address of an artifact: relative to the index, or a whole https URL.
    func artifact(_ url: String) throws -> WebAddress {
        guard let target = try? WebAddress(url, relativeTo: address) else {
            throw RegistryError.index("it names an artifact at \(url.quotedForMessage()), which is no URL")
        }
        // An index from the network may not read this machine's files.
        guard target.scheme == address.scheme || target.scheme == "https" else {
            throw RegistryError.index("it names an artifact at \(target.scheme): from \(address.scheme):")
        }
        return target
    }

    private static func absolute(_ path: String) throws -> String {
        guard !path.isEmpty, let resolved = realpath(path, nil) else {
            throw RegistryError(
                .notFound,
                "index_not_found",
                "There is no index at \(path): \(systemErrorText(errno)).",
                hint: "Name the URL or the folder of a store, such as --index https://skills.example.org/."
            )
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
