import Core
import PraximousJSON

/// `timestamp.json`: which index is the newest, said anew every few days, so that nobody can hold an old one against a
/// host for longer.
package struct TimestampFile: Sendable, Hashable {
    package static let maxBytes = 16 << 10

    package let version: Int
    package let issued: Timestamp
    package let expires: Timestamp
    /// The newest root.
    package let rootVersion: Int
    package let indexVersion: Int
    package let indexBytes: Int
    package let indexDigest: SHA256Digest

    package init(
        version: Int,
        issued: Timestamp,
        expires: Timestamp,
        rootVersion: Int,
        indexVersion: Int,
        indexBytes: Int,
        indexDigest: SHA256Digest
    ) {
        self.version = version
        self.issued = issued
        self.expires = expires
        self.rootVersion = rootVersion
        self.indexVersion = indexVersion
        self.indexBytes = indexBytes
        self.indexDigest = indexDigest
    }

    package init(_ bytes: [UInt8]) throws {
        guard bytes.count <= Self.maxBytes else {
            throw RegistryError.timestamp("it has more than \(Self.maxBytes) bytes")
        }
        let json: JSON
        do { json = try JSON.parse(bytes, limits: JSONLimits(maxDepth: 4, maxValues: 100)) } catch {
            throw RegistryError.timestamp("\(error)")
        }
        guard json["format"]?.intValue == 1, json["type"]?.stringValue == SignedRole.timestamp.rawValue else {
            throw RegistryError.timestamp("it is no timestamp of format 1")
        }
        guard let version = json["version"]?.intValue, version >= 0,
            let issued = json["issued"]?.stringValue.flatMap(Timestamp.init),
            let expires = json["expires"]?.stringValue.flatMap(Timestamp.init),
            let root = json["root"]?.intValue,
            let index = json["index"], let indexVersion = index["version"]?.intValue,
            let length = index["length"]?.intValue, length > 0,
            let digest = index["sha256"]?.stringValue.flatMap(SHA256Digest.init(hex:))
        else { throw RegistryError.timestamp("a member is missing or malformed") }
        self.init(
            version: version,
            issued: issued,
            expires: expires,
            rootVersion: root,
            indexVersion: indexVersion,
            indexBytes: length,
            indexDigest: digest
        )
    }

    package func encoded() -> [UInt8] {
        let index: JSON = [
            "version": .integer(indexVersion), "length": .integer(indexBytes), "sha256": .string(indexDigest.hex),
        ]
        let json: JSON = [
            "format": 1, "type": .string(SignedRole.timestamp.rawValue), "version": .integer(version),
            "issued": .string(issued.description), "expires": .string(expires.description),
            "root": .integer(rootVersion), "index": index,
        ]
        return json.indented()
    }
}
