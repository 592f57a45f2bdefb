import Core
import PraximousJSON

/// The packages of a static store, and which of its index's packages each file belongs to.
///
/// A file is called `NAME-VERSION-OS-ARCH.tar.gz`, without its owner; where another owner has that name already, it lies
/// in a folder with the owner's name.
struct PackageShelf {
    /// The folder.
    let path: String
    /// From the index to the folder, with a slash at its end.
    let urlPrefix: String
    /// Names of packages by file.
    private var packages: [String: String] = [:]

    init(path: String, urlPrefix: String, index: JSON) {
        (self.path, self.urlPrefix) = (path, urlPrefix)
        for member in index["packages"]?.objectValue ?? [:] {
            for version in member.value["versions"]?.arrayValue ?? [] {
                for artifact in version["artifacts"]?.arrayValue ?? [] {
                    if let file = file(of: artifact) { packages[file] = member.key }
                }
            }
        }
    }

    /// The file of an artifact of the index; nil when it lies elsewhere.
    func file(of artifact: JSON) -> String? {
        guard let url = artifact["url"]?.stringValue, url.hasPrefix(urlPrefix) else { return nil }
        return String(url.dropFirst(urlPrefix.count))
    }

    /// Where a package of that file name goes; it is the package's from now on.
    mutating func place(_ name: String, of package: PluginName) -> String {
        let owner = packages[name]
        let file = owner == nil || owner == package.description ? name : "\(package.owner)/\(name)"
        packages[file] = package.description
        return file
    }

    func path(of file: String) -> String { path + "/" + file }

    func url(of file: String) -> String { urlPrefix + file }

    func has(_ file: String) throws -> Bool {
        guard var folder = try Folder.openIfPresent(path) else { return false }
        let parts = file.split(separator: "/").map(String.init)
        for part in parts.dropLast() {
            guard try folder.status(part)?.isFolder == true else { return false }
            folder = try folder.folder(part)
        }
        return try parts.last.map { try folder.status($0)?.isRegular == true } ?? false
    }
}
