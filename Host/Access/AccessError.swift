package import Core

/// What is wrong with the keys of the installation, or with what was asked about them.
///
/// No case carries a key.
package enum AccessError: Error, Sendable, Equatable {
    case unknownKey(id: String)
    case notActive(id: String, state: String)
    case badName(maxBytes: Int)
    case badSubject(name: String)
    case scopeBeyondRole(scope: String, role: String)
    case expiryInThePast
    case graceTooLong(maxDays: Int)
    case hashKeyTooOpen(path: String, mode: String)
    case hashKeyDamaged(path: String, bytes: Int)
    case hashKeyMissing(path: String, keys: Int)
    case unreadable(path: String, reason: String)
    case noCryptography
    case staticKeyTooShort(variable: String, position: Int, minimum: Int)
    case staticKeyTooLong(variable: String, position: Int, maximum: Int)
    case staticKeyRole(variable: String, position: Int)
    case environmentFile(path: String, error: EnvironmentFileError)
}

extension AccessError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownKey(let id): "there is no key \(id); `prax-host keys list` shows all"
        case .notActive(let id, let state): "key \(id) is \(state); create a new one with `prax-host keys create`"
        case .badName(let max): "a key's name has 1 to \(max) bytes, on one line, without control characters"
        case .badSubject(let name):
            "\(name.quotedForMessage()) is no name of a user or team, which has 1 to 64 letters, digits, _, ., @ or -"
        case .scopeBeyondRole(let scope, let role): "scope \(scope) goes beyond the role \(role); choose a higher role"
        case .expiryInThePast: "the expiry must lie in the future"
        case .graceTooLong(let days): "the grace period of a rotation is 0 to \(days) days"
        case .hashKeyTooOpen(let path, let mode):
            "\(path) has mode \(mode) and others can read it; run `chmod 600 \(path)` and rotate the keys"
        case .hashKeyDamaged(let path, let bytes):
            "\(path) must be a file of 32 bytes and has \(bytes); restore it from a backup"
        case .hashKeyMissing(let path, let keys):
            "\(path) is missing though \(keys) API keys were made with it; restore it from a backup, "
                + "or delete the database of the keys to begin anew"
        case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
        case .noCryptography: "libsodium could not be initialised; reinstall the package libsodium23"
        case .staticKeyTooShort(let variable, let position, let minimum):
            "key \(position) of \(variable) has fewer than \(minimum) characters; make one with `openssl rand -hex 32`"
        case .staticKeyTooLong(let variable, let position, let maximum):
            "key \(position) of \(variable) has more than \(maximum) characters"
        case .staticKeyRole(let variable, let position):
            "key \(position) of \(variable) is not KEY or NAME:ROLE:KEY with the role viewer, developer or admin"
        case .environmentFile(let path, let error): "\(path): \(error)"
        }
    }
}
