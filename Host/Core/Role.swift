/// What a key may do by default.
///
/// Scopes on the key can narrow this, never widen it.
package enum Role: String, Sendable, CaseIterable, Codable, Comparable {
    /// Sees skills, models and the audit log, calls nothing.
    case viewer
    /// Calls skills and models.
    case developer
    /// Everything, including keys and plugins.
    case admin

    /// All scopes of the role.
    package var scopes: [Scope] {
        switch self {
        case .viewer: [.skillsRead, .modelsRead, .auditRead]
        case .developer: [.skillsRead, .skillsInvoke, .modelsRead, .modelsInvoke]
        case .admin:
            Role.developer.scopes + [.auditRead, .pluginsRead, .pluginsManage, .keysManage]
        }
    }

    package func allows(_ scope: Scope) -> Bool {
        scopes.contains { $0.covers(scope) }
    }

    package static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .developer: 1
        case .admin: 2
        }
    }
}
