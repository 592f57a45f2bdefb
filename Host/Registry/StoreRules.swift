import Core

/// What may be installed at all: `store: rules:` of config/praximous.yaml.
///
/// Judged in one place, for the command line and the API alike, before anybody is asked for consent.
package struct StoreRules: Sendable, Hashable {
    /// Who must have vouched for a package, at least.
    package enum Requirement: String, Sendable, CaseIterable {
        /// Unsigned ones are a matter of `allow_unsigned`.
        case any
        /// A signature by a key that is known here.
        case signed
        /// A publisher whom the index calls verified, or the official store.
        case verified
        case official
    }

    package var require: Requirement
    /// Owners whose packages may be installed; nil means all.
    package var allowedOwners: Set<String>?
    package var deniedOwners: Set<String>
    /// Kinds of permissions, such as `network.http`, that a package may ask for; nil means all.
    package var allowedPermissions: Set<String>?
    package var deniedPermissions: Set<String>
    /// Whether an installed package may ask to run inside the host.
    package var allowsInProcess: Bool

    package init(
        require: Requirement = .any,
        allowedOwners: Set<String>? = nil,
        deniedOwners: Set<String> = [],
        allowedPermissions: Set<String>? = nil,
        deniedPermissions: Set<String> = [],
        allowsInProcess: Bool = false
    ) {
        self.require = require
        self.allowedOwners = allowedOwners
        self.deniedOwners = deniedOwners
        self.allowedPermissions = allowedPermissions
        self.deniedPermissions = deniedPermissions
        self.allowsInProcess = allowsInProcess
    }

    /// Throws, with exit code 8, unless the package may be installed.
    ///
    /// `isVerified` is whether the index calls its publisher so.
    func check(_ manifest: Manifest, trust: TrustLevel, isSigned: Bool, isVerified: Bool) throws {
        let subject = "\(manifest.name) \(manifest.version)"
        try checkTrust(subject, trust: trust, isSigned: isSigned, isVerified: isVerified)
        let owner = manifest.name.owner
        if deniedOwners.contains(owner) {
            throw refused(subject, "owner_denied", "the owner \(owner) is denied", "owners: { deny: [...] }")
        }
        if let allowedOwners, !allowedOwners.contains(owner) {
            throw refused(subject, "owner_denied", "the owner \(owner) is not among those allowed", "owners")
        }
        for permission in manifest.permissions {
            let kind = permission.kind
            if deniedPermissions.contains(kind) {
                throw refused(subject, "permission_denied", "it asks for \(kind), which is denied", "permissions")
            }
            if let allowedPermissions, !allowedPermissions.contains(kind) {
                throw refused(subject, "permission_denied", "it asks for \(kind), which is not allowed", "permissions")
            }
        }
        if manifest.isolation.mode == .inproc, !allowsInProcess {
            throw refused(subject, "inproc_denied", "it asks to run inside the host", "inproc: true")
        }
    }

    private func checkTrust(_ subject: String, trust: TrustLevel, isSigned: Bool, isVerified: Bool) throws {
        let isMet =
            switch require {
            case .any: true
            case .signed: isSigned && trust != .unsigned
            case .verified: isSigned && (trust == .official || trust == .trusted && isVerified)
            case .official: isSigned && trust == .official
            }
        guard !isMet else { return }
        let found =
            !isSigned || trust == .unsigned ? "unsigned" : "\(trust.rawValue), its publisher is not called verified"
        throw refused(
            subject,
            "trust_too_low",
            "it must be \(require.rawValue), and is \(found)",
            "require: \(require.rawValue)"
        )
    }

    private func refused(_ subject: String, _ code: String, _ reason: String, _ setting: String) -> RegistryError {
        RegistryError(
            .refused,
            code,
            "\(subject) is refused by this host's policy: \(reason).",
            hint: "The operator decides: `store: { rules: { \(setting) } }` in config/praximous.yaml."
        )
    }
}
