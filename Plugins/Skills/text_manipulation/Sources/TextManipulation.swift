import PraximousJSON
import PraximousPlugin

/// Upper case, lower case and reversal of a text.
struct TextManipulation: Skill {
    static let identity = PluginIdentity(id: "praximous/text-manipulation", version: "1.0.0")
    static let operations = ["manipulate"]

    init(host: PluginHost) {}

    func execute(_ operation: String, _ parameters: JSON, _ call: Call) throws -> JSON {
        let text = parameters["prompt"]?.stringValue ?? ""
        let wanted = (parameters["operation"]?.stringValue ?? "none").lowercasedInContext()
        return [
            "original_text": .string(text),
            "operation_performed": .string(wanted),
            "modified_text": .string(try Self.manipulated(text, wanted)),
        ]
    }

    private static func manipulated(_ text: String, _ operation: String) throws(SkillFailure) -> String {
        switch operation {
        case "uppercase": return text.uppercased()
        case "lowercase": return text.lowercasedInContext()
        // By grapheme clusters, so that an accent stays on its letter and a family of emoji stays one.
        case "reverse": return String(text.reversed())
        default:
            throw SkillFailure(
                "Unsupported operation: \(operation)",
                details: "Supported operations are: uppercase, lowercase, reverse."
            )
        }
    }
}
