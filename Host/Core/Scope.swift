/// One thing a principal may do, such as `skills:invoke`; a longer scope narrows it: `skills:invoke:echo`.
package struct Scope: Sendable, Hashable, CustomStringConvertible {
    /// A scope never has more bytes than this.
    package static let maxBytes = 128

    package static let skillsRead = Scope(known: "skills:read")
    package static let skillsInvoke = Scope(known: "skills:invoke")
    package static let modelsRead = Scope(known: "models:read")
    package static let modelsInvoke = Scope(known: "models:invoke")
    package static let auditRead = Scope(known: "audit:read")
    package static let pluginsRead = Scope(known: "plugins:read")
    package static let pluginsManage = Scope(known: "plugins:manage")
    package static let keysManage = Scope(known: "keys:manage")

    package let text: String

    private init(known text: String) { self.text = text }

    /// Takes `area:action` with optional further words, each of `a-z 0-9 _ - . /`; nil for anything else.
    ///
    /// The further words are names that others chose, such as models', and may have capital letters.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.maxBytes else { return nil }
        let words = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard words.count >= 2, words.allSatisfy({ !$0.isEmpty }),
            words.prefix(2).allSatisfy({ $0.allSatisfy(Self.isWordByte) }),
            words.dropFirst(2).allSatisfy({ $0.allSatisfy { Self.isWordByte($0) || Self.isCapital($0) } })
        else { return nil }
        self.text = text
    }

    /// The scope to call one skill, by its task type.
    package static func invoke(skill taskType: String) -> Scope {
        Scope(known: "skills:invoke:" + taskType)
    }

    /// The scope to ask one model, by the name that clients use: a route, an entry or a model.
    package static func invoke(model name: String) -> Scope {
        Scope(known: "models:invoke:" + name)
    }

    /// Whether whoever holds this scope holds the other as well: the same one, or a narrower one.
    package func covers(_ other: Scope) -> Bool {
        let own = text.utf8
        let others = other.text.utf8
        guard others.starts(with: own) else { return false }
        return others.count == own.count || others.dropFirst(own.count).first == UInt8(ascii: ":")
    }

    package var description: String { text }

    private static func isCapital(_ byte: UInt8) -> Bool { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"): true
        default: false
        }
    }
}
