import Core
import PraximousJSON
import Registry

extension InstallOutcome {
    var sentence: String {
        let subject = "\(receipt.name) \(receipt.version)"
        let signer = "signed by \(receipt.signedBy)"
        let word = isDryRun ? "would be \(change.word)" : change.word
        return switch change {
        case .alreadyThere: "\(subject) is already installed, \(signer)."
        case .installed, .reinstalled: "\(subject) \(word), \(signer)."
        case .upgraded, .downgraded: "\(subject) \(word) from \(previousVersion?.description ?? "?"), \(signer)."
        case .rolledBack: "\(receipt.name) \(word) from \(previousVersion?.description ?? "?") to \(receipt.version)."
        }
    }

    var json: JSON {
        [
            "name": .string(receipt.name.description), "version": .string(receipt.version.description),
            "change": .string(change.rawValue), "trust": .string(receipt.trust.rawValue),
            "previous": previousVersion.map { .string($0.description) } ?? .null,
            "key_id": receipt.key.map { .string($0.id) } ?? .null,
            "task_type": receipt.taskType.map(JSON.string) ?? .null,
            "requested": .bool(receipt.isRequested), "dry_run": .bool(isDryRun),
            "permissions": .array(receipt.permissions.map(JSON.string)),
            "permission_changes": .array((difference?.changes ?? []).map { .string($0.sentence) }),
            "warnings": .array(warnings.map(JSON.string)),
        ]
    }
}

extension InstallOutcome.Change {
    fileprivate var word: String { rawValue.replacing("_", with: " ") }
}
