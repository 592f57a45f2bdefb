/// The full name of a plugin, `owner/name`: the same in skill.yaml, in the index and in the binary.
package struct PluginName: Sendable, Hashable, Comparable, CustomStringConvertible {
    package static let maxOwnerLength = 40
    package static let maxNameLength = 64

    /// The publisher's part: names are only unique below it.
    package let owner: String
    package let name: String

    package var description: String { "\(owner)/\(name)" }

    private init(owner: String, name: String) {
        self.owner = owner
        self.name = name
    }

    /// The name as one path component: `owner__name`.
    ///
    /// Names hold no underscore, so it reads back unambiguously.
    package var folderName: String { "\(owner)__\(name)" }

    package static func < (left: PluginName, right: PluginName) -> Bool {
        (left.owner, left.name) < (right.owner, right.name)
    }

    /// The name that `text` spells.
    ///
    /// Throws ``PluginNameError`` with a sentence about the first rule it breaks.
    package static func parse(_ text: String) throws(PluginNameError) -> PluginName {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw PluginNameError(text, "expected owner/name with exactly one slash")
        }
        try check(parts[0], is: "owner", upTo: maxOwnerLength, of: text)
        try check(parts[1], is: "name", upTo: maxNameLength, of: text)
        return PluginName(owner: String(parts[0]), name: String(parts[1]))
    }

    private static func check(
        _ part: Substring,
        is role: String,
        upTo limit: Int,
        of text: String
    ) throws(PluginNameError) {
        guard !part.isEmpty else { throw PluginNameError(text, "the \(role) is empty") }
        guard part.utf8.count <= limit else {
            throw PluginNameError(text, "the \(role) has \(part.utf8.count) bytes, at most \(limit) are allowed")
        }
        guard part.utf8.allSatisfy(isAllowed) else {
            throw PluginNameError(text, "the \(role) may hold only a-z, 0-9 and hyphens")
        }
        guard part.first != "-", part.last != "-" else {
            throw PluginNameError(text, "the \(role) may not begin or end with a hyphen")
        }
        guard !deviceNames.contains(String(part)) else {
            throw PluginNameError(text, "\"\(part)\" is a device name on Windows and cannot be the \(role)")
        }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
    }

    /// Names that open a device on Windows, in lower case and with any ending.
    ///
    /// Packages are also unpacked and mirrored there.
    package static let deviceNames: Set<String> = {
        var names: Set<String> = ["con", "prn", "aux", "nul"]
        for digit in 1...9 { names.formUnion(["com\(digit)", "lpt\(digit)"]) }
        return names
    }()
}

/// Why a text is no plugin name.
package struct PluginNameError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One sentence with the offending text, escaped and shortened.
    package let description: String

    init(_ text: String, _ reason: String) {
        description = "plugin name \(text.quotedForMessage()): \(reason); an example is acme/pdf-extract"
    }
}
