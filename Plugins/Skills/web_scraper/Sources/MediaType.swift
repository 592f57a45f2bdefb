/// The value of a Content-Type header: type and charset, in lower case.
struct MediaType: Hashable {
    let name: String
    /// nil when there is none.
    let charset: String?

    init(_ header: String) {
        let parts = header.split(separator: ";", omittingEmptySubsequences: false)
        name = parts.first.map { Self.trimmed($0).lowercased() } ?? ""
        charset = parts.dropFirst().lazy.compactMap(Self.charset).first
    }

    private static func charset(_ parameter: Substring) -> String? {
        let halves = parameter.split(separator: "=", maxSplits: 1)
        guard halves.count == 2, trimmed(halves[0]).lowercased() == "charset" else { return nil }
        let value = trimmed(halves[1]).lowercased().filter { $0 != "\"" && $0 != "'" }
        return value.isEmpty ? nil : value
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
