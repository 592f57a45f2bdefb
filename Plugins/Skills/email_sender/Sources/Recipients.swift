import PraximousJSON
import PraximousPlugin

/// Whom a message goes to, as clients write it.
enum Recipients {
    /// A text with commas, or a list of texts; what is empty between them is left out.
    static func read(_ value: JSON?) throws(SkillFailure) -> [String] {
        var texts: [String] = []
        switch value {
        case nil, .null: break
        case .string(let text): texts = text.split(separator: ",").map(String.init)
        case .array(let entries):
            for entry in entries {
                guard let text = entry.stringValue else { throw notText }
                texts.append(text)
            }
        default: throw notText
        }
        let recipients = texts.map(trimmed).filter { !$0.isEmpty }
        guard !recipients.isEmpty else {
            throw SkillFailure("Input Error", details: "'to' (recipient email address) is required.")
        }
        return recipients
    }

    /// Without the spaces around it alone: a line break is no space between addresses.
    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    private static let notText = SkillFailure(
        "Input Error",
        details: "'to' must be a string (comma-separated for multiple) or a list of strings."
    )
}
