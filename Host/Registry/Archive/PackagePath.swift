import Core

/// The names a package may use: one spelling for each file on every file system.
///
/// Names are printable ASCII. Other scripts bring twins that some file systems hold to be one name, marks that
/// reverse what a terminal shows, and encodings with two spellings; no package needs them for its file names.
enum PackagePath {
    static let maxBytes = 4096
    static let maxComponentBytes = 255
    static let maxDepth = 16

    static let manifest = "skill.yaml"
    static let fileList = "META/MANIFEST.json"
    static let signature = "META/MANIFEST.sig"

    private static let forbidden = Set("<>|?*\"".utf8)
    private static let topFolders: Set<String> = ["META", "lib", "share"]
    private static let topFiles: Set<String> = [manifest, "README.md", "CHANGELOG.md", "SBOM.cdx.json"]

    /// Why `path` cannot stand in a package, or nil.
    ///
    /// A folder's path comes without its trailing slash.
    static func refusal(of path: [UInt8], isFolder: Bool) -> String? {
        if let refusal = spellingRefusal(of: path) { return refusal }
        return placeRefusal(of: String(decoding: path, as: UTF8.self).components, isFolder: isFolder)
    }

    /// Why `path` is not a plain relative path, wherever it leads.
    static func spellingRefusal(of path: [UInt8]) -> String? {
        guard !path.isEmpty else { return "it is empty" }
        guard path.count <= maxBytes else { return "it is longer than \(maxBytes) bytes" }
        for byte in path {
            switch byte {
            case UInt8(ascii: "\\"): return "backslashes are not allowed"
            case UInt8(ascii: ":"): return "colons are not allowed"
            // No name may hold them on Windows.
            case _ where forbidden.contains(byte): return "< > | ? * and quotation marks are not allowed"
            case 0x20...0x7e: continue
            default: return "only printable ASCII characters are allowed"
            }
        }
        let components = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard components.count <= maxDepth else { return "it is deeper than \(maxDepth) folders" }
        for component in components {
            if component.isEmpty { return "slashes may only stand between two names" }
            if component.elementsEqual([UInt8(ascii: ".")])
                || component.elementsEqual([UInt8(ascii: "."), UInt8(ascii: ".")])
            {
                return ". and .. are not allowed"
            }
            if component.count > maxComponentBytes { return "one part is longer than \(maxComponentBytes) bytes" }
            // Windows drops them: "a." and "a" would be twins there.
            if component.last == UInt8(ascii: ".") || component.last == 0x20 || component.first == 0x20 {
                return "parts may not begin with a blank, or end with a blank or dot"
            }
            let stem = String(decoding: component.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self)
            if PluginName.deviceNames.contains(stem.lowercased()) {
                return "one part is the name of a device on Windows"
            }
        }
        return nil
    }

    /// The allow-list of places.
    private static func placeRefusal(of components: [String], isFolder: Bool) -> String? {
        let top = components[0]
        let isInside = components.count > 1
        let allowed =
            "a package holds skill.yaml, META/, lib/, share/, README.md, LICENSE*, CHANGELOG.md and SBOM.cdx.json"
        if isInside || isFolder {
            guard topFolders.contains(top) else { return allowed }
            guard top == "META", isInside else { return nil }
            let isKnown = !isFolder && [fileList, signature].contains(components.joined(separator: "/"))
            return isKnown ? nil : "META/ holds MANIFEST.json and MANIFEST.sig alone"
        }
        return topFiles.contains(top) || top.hasPrefix("LICENSE") ? nil : allowed
    }

    /// The mode a file is stored with: libraries may be mapped as code, nothing else may be run.
    static func mode(of path: String) -> UInt32 { path.hasPrefix("lib/") ? 0o555 : 0o444 }
}

/// The names a bundle may use.
enum BundlePath {
    static func refusal(of path: [UInt8], isFolder: Bool) -> String? {
        if let refusal = PackagePath.spellingRefusal(of: path) { return refusal }
        let components = String(decoding: path, as: UTF8.self).components
        let joined = components.joined(separator: "/")
        if !isFolder, joined == BundleContents.fileName || CarriedIndex.isName(joined) { return nil }
        let suffix = ".package"
        if !isFolder, components.count == 2, components[0] == "packages", components[1].hasSuffix(suffix),
            SHA256Digest(hex: String(components[1].dropLast(suffix.count))) != nil
        {
            return nil
        }
        return "a bundle holds \(BundleContents.fileName), the index, registry/ and packages/SHA256.package"
    }
}

extension String {
    fileprivate var components: [String] { split(separator: "/").map(String.init) }
}

/// The names seen so far, to find the second of two that some file system would hold to be one.
struct PathRegister {
    private var files: Set<String> = []
    private var folders: Set<String> = []
    private var explicitFolders: Set<String> = []
    /// Lower-case spelling to the spelling seen first, for every name and every folder above one.
    private var spellings: [String: String] = [:]

    /// Why `path` cannot follow those before it, or nil.
    mutating func refusal(adding path: String, isFolder: Bool) -> String? {
        if files.contains(path) { return "it appears twice" }
        if isFolder {
            guard explicitFolders.insert(path).inserted else { return "it appears twice" }
        } else if folders.contains(path) {
            return "it is a file and a folder"
        }
        var prefix = ""
        let components = path.split(separator: "/")
        for (position, component) in components.enumerated() {
            prefix += (prefix.isEmpty ? "" : "/") + component
            if let other = spellings.updateValue(prefix, forKey: prefix.lowercased()), other != prefix {
                return "it differs from \(other.quotedForMessage()) only in upper and lower case"
            }
            guard position < components.count - 1 || isFolder else { break }
            if files.contains(prefix) { return "a file and a folder have the same name" }
            folders.insert(prefix)
        }
        if !isFolder { files.insert(path) }
        return nil
    }
}
