package import Core

/// What a package asks for, beyond what was granted to the version before it.
package struct ConsentRequest: Sendable, Hashable {
    package let name: PluginName
    package let version: SemanticVersion
    package let permissions: [Permission]
    /// Grants nobody has consented to yet, as ``Permission/tokens``.
    package let newTokens: [String]
    package let isUpgrade: Bool

    /// The shortest list for `--accept-permissions` that covers `newTokens`.
    package var flag: String {
        let plain = newTokens.filter { !$0.contains("=") }
        let details = newTokens.filter { token in
            token.contains("=") && !plain.contains { Self.kind(of: $0) == Self.kind(of: token) }
        }
        return "--accept-permissions '" + (plain + details).joined(separator: ",") + "'"
    }

    static func kind(of token: String) -> Substring { token.prefix { $0 != ":" } }
}

/// What the person who installs has said about permissions.
package struct Consent: Sendable {
    package enum Accepted: Sendable, Hashable {
        case nothing, all
        case listed([String])
    }

    package let accepted: Accepted
    /// Asks a person; nil when there is none to ask.
    package let ask: (@Sendable (ConsentRequest) async -> Bool)?
    /// Shows what is asked for, whatever the answer will be.
    package let show: @Sendable (ConsentRequest) -> Void

    package init(
        accepted: Accepted = .nothing,
        ask: (@Sendable (ConsentRequest) async -> Bool)? = nil,
        show: @escaping @Sendable (ConsentRequest) -> Void = { _ in }
    ) {
        self.accepted = accepted
        self.ask = ask
        self.show = show
    }

    /// Reads the value of `--accept-permissions`.
    package static func accepted(_ text: String?) -> Accepted {
        guard let text else { return .nothing }
        return text == "all" ? .all : .listed(text.split(separator: ",").map(String.init))
    }

    /// Throws unless every new grant is covered.
    func require(_ request: ConsentRequest) async throws {
        guard !request.newTokens.isEmpty else { return }
        show(request)
        if request.newTokens.allSatisfy(isAccepted) { return }
        let subject = "\(request.name) \(request.version)"
        if let ask, accepted == .nothing {
            guard await ask(request) else {
                throw RegistryError(
                    .refused,
                    "consent_refused",
                    "\(subject) was not installed: you declined its permissions."
                )
            }
            return
        }
        let missing = request.newTokens.filter { !isAccepted($0) }
        throw RegistryError(
            .refused,
            "consent_needed",
            "\(subject) asks for permissions nobody has accepted: \(missing.joined(separator: ", ")).",
            hint: "If you agree, pass \(request.flag)."
        )
    }

    /// A grant is accepted by its own name or its kind's; a detail such as a method also with any grant of its kind.
    private func isAccepted(_ token: String) -> Bool {
        switch accepted {
        case .nothing: return false
        case .all: return true
        case .listed(let list):
            let kind = ConsentRequest.kind(of: token)
            if list.contains(token) || list.contains(String(kind)) { return true }
            return token.contains("=") && list.contains { !$0.contains("=") && ConsentRequest.kind(of: $0) == kind }
        }
    }
}
