import Core
import PluginRuntime
import PraximousJSON
import Registry
import Supervision

/// One plugin as lists show it.
struct PluginRow {
    static let header = ["ID", "VERSION", "KIND", "STATE", "ISOLATION", "SIGNED BY", "UPDATE", "TASK TYPE"]

    let standing: PluginStanding
    private let receipt: Receipt?
    /// As the copy of the index tells that is kept here.
    let update: Update?
    private let isPinned: Bool

    /// `receipt` is that of an installed plugin.
    init(_ standing: PluginStanding, receipt: Receipt?, update: Update?, isPinned: Bool) {
        self.standing = standing
        self.receipt = receipt
        self.update = update
        self.isPinned = isPinned
    }

    var cells: [String] {
        let manifest = standing.manifest
        return [
            manifest.name.description, manifest.version.description, manifest.kind.rawValue, standing.state.rawValue,
            standing.decision.mode.rawValue, signedBy, update.map { isPinned ? "\($0.text), pinned" : $0.text } ?? "-",
            manifest.taskType ?? "-",
        ]
    }

    /// What the table has no room for, one sentence each.
    var remarks: [String] {
        let name = standing.manifest.name
        let reason = standing.state == .disabled ? nil : standing.reason
        let notice = standing.decision.notice.map { Terminal.red("\(name) \($0)") }
        return [reason.map { "\(name) is \(standing.state): \($0)" }, standing.decision.warning, notice]
            .compactMap(\.self)
    }

    private var signedBy: String {
        switch standing.folder.origin {
        case .bundled: "bundled"
        case .installed: receipt?.signedBy ?? "-"
        case .local: "unsigned (local)"
        }
    }

    var json: JSON {
        let manifest = standing.manifest
        var json: JSONObject = [
            "name": .string(manifest.name.description), "version": .string(manifest.version.description),
            "kind": .string(manifest.kind.rawValue), "task_type": manifest.taskType.map(JSON.string) ?? .null,
            "title": .string(manifest.title), "origin": .string(standing.folder.origin.rawValue),
            "permissions": .array(manifest.permissions.tokens.map(JSON.string)),
            "state": .string(standing.state.rawValue), "reason": standing.reason.map(JSON.string) ?? .null,
            "isolation": .object(standing.isolation), "quarantine": standing.quarantine?.json ?? .null,
        ]
        if let receipt {
            json["update"] = update.map { .string("\($0.version)") } ?? .null
            json["update_obstacle"] = update?.obstacle.map(JSON.string) ?? .null
            json["pinned"] = .bool(isPinned)
            json["requested"] = .bool(receipt.isRequested)
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
