/// The forms that single words of a manifest may have.
package enum Words {
    private static let maxLength = 64
    private static let maxPathLength = 255

    static func isTaskType(_ text: String) -> Bool { isWord(text) { $0 == UInt8(ascii: "_") } }

    static func isOperationName(_ text: String) -> Bool {
        isWord(text) { $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
    }

    static func isSecretName(_ text: String) -> Bool {
        text.utf8.count <= maxLength
            && (text.utf8.first.map { $0 &- UInt8(ascii: "A") < 26 } ?? false)
            && text.utf8.allSatisfy { $0 &- UInt8(ascii: "A") < 26 || isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    /// `linux-x86_64`, `macos-aarch64`.
    static func isPlatform(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { part in isWord(String(part)) { $0 == UInt8(ascii: "_") } }
    }

    /// `glibc>=2.31`.
    static func isLibraryRequirement(_ text: String) -> Bool {
        guard let mark = text.firstRange(of: ">=") else { return false }
        let numbers = text[mark.upperBound...].split(separator: ".", omittingEmptySubsequences: false)
        return isWord(String(text[..<mark.lowerBound])) { _ in false } && 1...3 ~= numbers.count
            && numbers.allSatisfy { !$0.isEmpty && $0.utf8.count <= 6 && $0.utf8.allSatisfy(isDigit) }
    }

    /// `*`, `api.acme.example`, `*.acme.example`, each with or without `:PORT`.
    package static func isHostPattern(_ text: String) -> Bool {
        if text == "*" { return true }
        guard text.utf8.count <= 259 else { return false }
        var parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 2 {
            guard let port = parts.popLast(), let number = Int(port), 1...65535 ~= number else { return false }
        }
        guard parts.count == 1, var host = parts.first else { return false }
        if host.hasPrefix("*.") { host = host.dropFirst(2) }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        return !labels.isEmpty && labels.allSatisfy(isHostLabel)
    }

    private static func isHostLabel(_ label: Substring) -> Bool {
        let hyphen = UInt8(ascii: "-")
        return 1...63 ~= label.utf8.count && label.utf8.first != hyphen && label.utf8.last != hyphen
            && label.utf8.allSatisfy { isLower($0) || isDigit($0) || $0 == hyphen }
    }

    /// What is wrong with a path that must stay inside the package; nil when nothing is.
    static func flaw(ofPath path: String) -> String? {
        if path.isEmpty { return "is empty" }
        if path.utf8.count > maxPathLength { return "is longer than \(maxPathLength) bytes" }
        if path.utf8.contains(UInt8(ascii: "\\")) { return "holds a backslash" }
        if path.utf8.contains(where: { $0 < 0x20 || $0 > 0x7E }) { return "holds characters that are not plain ASCII" }
        if path.hasPrefix("/") { return "is absolute" }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if parts.contains(where: { $0 == ".." || $0 == "." || $0.isEmpty }) { return "has an empty part, . or .." }
        return nil
    }

    private static func isWord(_ text: String, _ isExtra: (UInt8) -> Bool) -> Bool {
        guard let first = text.utf8.first, isLower(first), text.utf8.count <= maxLength else { return false }
        return text.utf8.allSatisfy { isLower($0) || isDigit($0) || isExtra($0) }
    }

    private static func isLower(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "a") < 26 }
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
