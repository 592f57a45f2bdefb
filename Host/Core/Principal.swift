/// Who makes a request: what `Access` turns a key into, and what everything above asks for permission.
package struct Principal: Sendable, Hashable {
    /// The public id of the key; it stands in lists and in the audit log.
    package let keyID: String
    /// The name a person gave the key.
    package let name: String
    package let role: Role
    /// What the key may do: the role's scopes, or the narrower ones it was created with.
    package let scopes: [Scope]
    package let environment: KeyEnvironment
    /// Whose limits and budgets count beside the key's own.
    package let user: String?
    package let team: String?

    package init(
        keyID: String,
        name: String,
        role: Role,
        scopes: [Scope]? = nil,
        environment: KeyEnvironment = .live,
        user: String? = nil,
        team: String? = nil
    ) {
        self.keyID = keyID
        self.name = name
        self.role = role
        self.scopes = scopes ?? role.scopes
        self.environment = environment
        self.user = user
        self.team = team
    }

    /// Whether both the role and the key's own scopes allow it.
    package func allows(_ scope: Scope) -> Bool {
        role.allows(scope) && scopes.contains { $0.covers(scope) }
    }

    package func mayInvoke(skill taskType: String) -> Bool { allows(.invoke(skill: taskType)) }
}

/// Whether a key is for production or for trying things out; it stands in the key's text.
package enum KeyEnvironment: String, Sendable, CaseIterable, Codable {
    case live, test
}
