import Core
import PraximousJSON
import Registry

/// One plugin as lists show it.
struct PluginRow {
    private let manifest: Manifest
    private let origin: String
    private let receipt: Receipt?

    init(_ manifest: Manifest, origin: String, receipt: Receipt?) {
        self.manifest = manifest
        self.origin = origin
        self.receipt = receipt
    }

    var cells: [String] {
        [
            manifest.name.description, manifest.version.description, manifest.kind.rawValue, manifest.taskType ?? "-",
            origin, receipt?.signedBy ?? "-",
        ]
    }

    var json: JSON {
        var json: JSONObject = [
            "name": .string(manifest.name.description), "version": .string(manifest.version.description),
            "kind": .string(manifest.kind.rawValue), "task_type": manifest.taskType.map(JSON.string) ?? .null,
            "title": .string(manifest.title), "origin": .string(origin),
            "permissions": .array(manifest.permissions.tokens.map(JSON.string)),
        ]
        if let receipt {
            json["trust"] = .string(receipt.trust.rawValue)
            json["key_id"] = receipt.key.map { .string($0.id) } ?? .null
            json["installed_at"] = .string(receipt.installedAt.description)
            json["archive_sha256"] = .string(receipt.archiveDigest.hex)
        }
        return .object(json)
    }
}

extension Receipt {
    /// Who vouches for it, such as `official (6afb2a8202a31923)`.
    var signedBy: String { key.map { "\(trust.rawValue) (\($0.id))" } ?? trust.rawValue }
}
