package import Core
import Foundation
import Manifests

/// A folder with a skill.yaml: a plugin as discovery sees it, before any of its code is touched.
package struct PluginFolder: Sendable {
    /// Where a plugin came from, which decides how far it is trusted.
    package enum Origin: String, Sendable {
        /// Shipped with the host.
        case bundled
        /// Installed from a store; a receipt names its hash.
        case installed
        /// Put there by the operator.
        case local
    }

    package let path: String
    package let origin: Origin
    package let manifest: Manifest
    /// What skill.yaml says that this host does not know.
    package let warnings: [String]

    /// Reads skill.yaml of a folder and nothing else.
    ///
    /// Throws ``Refusal``.
    package init(path: String, origin: Origin) throws(Refusal) {
        let source = path + "/skill.yaml"
        let bytes = try ManifestFile.read(source)
        do {
            (manifest, warnings) = try ManifestReader.read(bytes: bytes, source: source, strict: false)
        } catch {
            throw Refusal(.manifest, "\(error)", fix: "Mend skill.yaml.")
        }
        self.path = path
        self.origin = origin
    }

    /// The library for the machine this runs on.
    ///
    /// Throws ``Refusal`` when the manifest names none.
    package func libraryPath() throws(Refusal) -> String {
        guard let relative = manifest.entry[Platform.current] else {
            let offered = manifest.entry.keys.sorted().joined(separator: ", ")
            throw Refusal(
                .platform,
                "\(manifest.name) \(manifest.version) offers \(offered), this host is \(Platform.current)",
                fix: "Install a package built for this platform."
            )
        }
        return path + "/" + relative
    }

    /// Tells the library's file from another one of the same name: inode, size and time of change; empty when there is
    /// none.
    package var libraryStamp: [Int] {
        var info = stat()
        guard let path = try? libraryPath(), stat(path, &info) == 0 else { return [] }
        return [Int(info.st_ino), Int(info.st_size), info.st_mtim.tv_sec, info.st_mtim.tv_nsec]
    }

    /// The plugin folders directly below `folder`, sorted by name; those that cannot be read come with the reason.
    package static func discover(
        below folder: String,
        origin: Origin
    ) -> (found: [PluginFolder], refused: [(path: String, refusal: Refusal)]) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
        var found: [PluginFolder] = []
        var refused: [(path: String, refusal: Refusal)] = []
        for name in names where FileManager.default.fileExists(atPath: "\(folder)/\(name)/skill.yaml") {
            do {
                found.append(try PluginFolder(path: "\(folder)/\(name)", origin: origin))
            } catch {
                refused.append(("\(folder)/\(name)", error))
            }
        }
        return (found, refused)
    }
}

/// The platform word of manifests and packages, such as `linux-x86_64`.
package enum Platform {
    package static var architecture: String {
        #if arch(x86_64)
        "x86_64"
        #elseif arch(arm64)
        "aarch64"
        #else
        "other"
        #endif
    }

    package static var current: String { "linux-" + architecture }
}
