package import Core

/// What a package asks for, beyond what was granted to the version before it.
package struct ConsentRequest: Sendable, Hashable {
    package let name: PluginName
    package let version: SemanticVersion
    package let permissions: [Permission]
    /// Grants nobody has consented to yet, as ``Permission/tokens``.
    package let newTokens: [String]
    /// From the installed version to this one; nil when none is installed.
    package let difference: PermissionDifference?

    package var isUpgrade: Bool { difference != nil }

    /// The shortest list for `--accept-permissions` that covers the new grants of all these requests.
    package static func flag(for requests: [ConsentRequest]) -> String {
        let tokens = Set(requests.flatMap(\.newTokens)).sorted()
        let plain = tokens.filter { !$0.contains("=") }
        let details = tokens.filter { token in
            token.contains("=") && !plain.contains { kind(of: $0) == kind(of: token) }
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
    /// Asks a person once for all packages; nil when there is none to ask.
    package let ask: (@Sendable ([ConsentRequest]) async -> Bool)?
    /// Shows what is asked for, whatever the answer will be.
    package let show: @Sendable (ConsentRequest) -> Void

    package init(
        accepted: Accepted = .nothing,
        ask: (@Sendable ([ConsentRequest]) async -> Bool)? = nil,
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

    /// Throws unless every new grant of every package is covered.
    func require(_ requests: [ConsentRequest]) async throws {
        for request in requests where !request.newTokens.isEmpty || request.difference?.changes.isEmpty == false {
            show(request)
        }
        let open = requests.filter { !$0.newTokens.allSatisfy(isAccepted) }
        guard !open.isEmpty else { return }
        if let ask, accepted == .nothing {
            guard await ask(open) else {
                let subjects = open.map { "\($0.name) \($0.version)" }.joined(separator: " and ")
                throw RegistryError(
                    .refused,
                    "consent_refused",
                    "\(subjects) \(open.count == 1 ? "was" : "were") not installed: you declined the permissions."
                )
            }
            return
        }
        let sentences = open.map { request in
            let missing = request.newTokens.filter { !isAccepted($0) }.joined(separator: ", ")
            return "\(request.name) \(request.version) asks for permissions nobody has accepted: \(missing)."
        }
        throw RegistryError(
            .refused,
            "consent_needed",
            sentences.joined(separator: " "),
            hint: "If you agree, pass \(ConsentRequest.flag(for: requests))."
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
