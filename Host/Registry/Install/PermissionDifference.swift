package import Core

/// What another version of a package may do that the installed one may not, and the other way round.
package struct PermissionDifference: Sendable, Hashable {
    package enum Kind: String, Sendable {
        case added, widened, narrowed, removed
    }

    package struct Change: Sendable, Hashable {
        package let kind: Kind
        /// The permission in words; of a removed one what it was.
        package let now: String
        /// What it was before, in words, when it is another now.
        package let before: String?
        /// Whether it lets the plugin do from now on what nobody must overlook.
        package let isDangerous: Bool

        fileprivate init(_ kind: Kind, _ permission: Permission, before: Permission? = nil) {
            self.kind = kind
            now = "\(permission)"
            self.before = before.map { "\($0)" }
            isDangerous = permission.isDangerous && kind != .removed
        }

        package var sentence: String {
            switch kind {
            case .added: "new: \(now)"
            case .removed: "no longer: \(now)"
            case .widened, .narrowed: "\(kind.rawValue): \(now) (before: \(before ?? ""))"
            }
        }
    }

    /// In the order of the new manifest, what is gone last.
    package let changes: [Change]

    package init(from old: [Permission], to new: [Permission]) {
        var changes: [Change] = []
        for permission in new {
            guard let before = old.first(where: { $0.kind == permission.kind }) else {
                changes.append(Change(.added, permission))
                continue
            }
            guard before.tokens != permission.tokens else { continue }
            let isWider = ![permission].tokens(beyond: [before]).isEmpty
            changes.append(Change(isWider ? .widened : .narrowed, permission, before: before))
        }
        for permission in old where !new.contains(where: { $0.kind == permission.kind }) {
            changes.append(Change(.removed, permission))
        }
        self.changes = changes
    }
}
