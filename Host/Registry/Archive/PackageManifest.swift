package import Core
import PraximousJSON

/// META/MANIFEST.json: every other file of a package, as its publisher signed it.
package struct PackageManifest: Sendable, Hashable {
    package struct File: Sendable, Hashable {
        package let digest: SHA256Digest
        package let size: Int
        package let mode: UInt32
    }

    static let maxBytes = 8 << 20

    package let name: PluginName
    package let version: SemanticVersion
    package let publisher: String
    /// The id of the key that signs it; what counts is who did.
    package let keyID: String?
    package let created: String
    package let files: [String: File]

    init(_ bytes: [UInt8]) throws {
        func refused(_ reason: String) -> RegistryError { .archive("META/MANIFEST.json cannot be read: \(reason)") }
        guard bytes.count <= Self.maxBytes else { throw refused("it has more than \(Self.maxBytes) bytes") }
        let json: JSON
        do { json = try JSON.parse(bytes, limits: JSONLimits(maxDepth: 5, maxValues: 200_000)) } catch {
            throw refused("\(error)")
        }
        guard json["format"]?.intValue == 1 else { throw refused("its format is not 1") }
        do {
            name = try PluginName.parse(json["name"]?.stringValue ?? "")
            version = try SemanticVersion.parse(json["version"]?.stringValue ?? "")
        } catch { throw refused("\(error)") }
        publisher = json["publisher"]?.stringValue ?? name.owner
        keyID = json["key"]?.stringValue
        created = json["created"]?.stringValue ?? ""
        guard let list = json["files"]?.objectValue else { throw refused("it has no files") }
        var files: [String: File] = [:]
        for member in list {
            guard let file = File(member.value) else {
                throw refused("\(member.key.quotedForMessage()) lacks sha256, size or mode")
            }
            files[member.key] = file
        }
        self.files = files
    }

    /// What differs between the signed list and `found`; empty when nothing does.
    package func differences(from found: [UnpackedFile]) -> [String] {
        var lines: [String] = []
        var missing = files
        for file in found where file.path != PackagePath.fileList && file.path != PackagePath.signature {
            let name = file.path.quotedForMessage()
            guard let listed = missing.removeValue(forKey: file.path) else {
                lines.append("\(name) is not in the signed list")
                continue
            }
            if listed.size != file.size {
                lines.append("\(name) has \(file.size) bytes, signed are \(listed.size)")
            } else if listed.digest != file.digest {
                lines.append("\(name) has other content than was signed")
            } else if listed.mode != file.mode {
                let modes = [file.mode, listed.mode].map { String($0, radix: 8) }
                lines.append("\(name) has mode \(modes[0]), signed is \(modes[1])")
            }
        }
        return lines + missing.keys.sorted().map { "\($0.quotedForMessage()) is missing" }
    }
}
