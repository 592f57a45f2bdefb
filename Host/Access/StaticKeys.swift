package import Core

/// Keys that the environment gives, for installations that do without `keys create`, such as containers.
///
/// They are read at the start and cannot be revoked but by taking them away and starting again.
package struct StaticKeys: Sendable {
    /// Shorter keys are taken, as the original did, with a warning: they can be guessed.
    package static let recommendedLength = 16
    package static let maximumLength = 512
    package static let none = StaticKeys(keys: [], warnings: [])

    struct Key: Sendable {
        let name: String
        let role: Role
        let secret: Secret
    }

    let keys: [Key]
    /// What the operator should hear, such as a key that can be guessed.
    package let warnings: [String]
    package var isEmpty: Bool { keys.isEmpty }
    package var count: Int { keys.count }

    /// Reads `PRAXIMOUS_API_KEY` and `PRAXIMOUS_API_KEYS`: keys separated by commas, each bare or `name:role:key`.
    package static func parse(key: Secret?, keys: Secret?) throws(AccessError) -> StaticKeys {
        var found: [Key] = []
        var warnings: [String] = []
        for (variable, value) in [("PRAXIMOUS_API_KEY", key), ("PRAXIMOUS_API_KEYS", keys)] {
            for (index, text) in split(value).enumerated() {
                let place = (variable: variable, position: index + 1)
                let key = try parse(text, place, number: found.count + 1)
                if key.secret.exposed.utf8.count < recommendedLength {
                    let place = "key \(index + 1) of \(variable)"
                    warnings.append("\(place) is short enough to be guessed; make one with `openssl rand -hex 32`")
                }
                if !found.contains(where: { $0.secret.exposed == key.secret.exposed }) { found.append(key) }
            }
        }
        return StaticKeys(keys: found, warnings: warnings)
    }

    private static func split(_ value: Secret?) -> [Substring] {
        let parts = value?.exposed.split(separator: ",") ?? []
        return parts.map { part in
            let start = part.drop { $0.isWhitespace }
            return start.lastIndex { !$0.isWhitespace }.map { start[...$0] } ?? ""
        }.filter { !$0.isEmpty }
    }

    private static func parse(
        _ text: Substring,
        _ place: (variable: String, position: Int),
        number: Int
    ) throws(AccessError) -> Key {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        let key: Key
        switch parts.count {
        // One colon is part of a key: only NAME:ROLE:KEY has a meaning of its own.
        case 1, 2: key = Key(name: "static-\(number)", role: .developer, secret: Secret(String(text)))
        case 3:
            guard let role = Role(rawValue: String(parts[1])), !parts[0].isEmpty else {
                throw .staticKeyRole(variable: place.variable, position: place.position)
            }
            key = Key(name: String(parts[0]), role: role, secret: Secret(String(parts[2])))
        default: throw .staticKeyRole(variable: place.variable, position: place.position)
        }
        let length = key.secret.exposed.utf8.count
        guard length > 0 else {
            throw .staticKeyTooShort(variable: place.variable, position: place.position, minimum: 1)
        }
        guard length <= maximumLength else {
            throw .staticKeyTooLong(variable: place.variable, position: place.position, maximum: maximumLength)
        }
        return key
    }
}
