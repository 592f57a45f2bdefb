import PraximousJSON
import PraximousPlugin

/// The first sentences or the first words of a text.
struct InternalSummary: Skill {
    static let identity = PluginIdentity(id: "praximous/internal-summary", version: "1.0.0")
    static let operations = ["generate_summary"]

    init(host: PluginHost) {}

    func execute(_ operation: String, _ parameters: JSON, _ call: Call) throws -> JSON {
        let text = parameters["prompt"]?.stringValue ?? ""
        guard text.unicodeScalars.contains(where: { !$0.isSpace }) else {
            throw SkillFailure("Input Error", details: "Prompt text cannot be empty for summarization.")
        }
        let type = (parameters["summary_type"]?.stringValue ?? "first_sentences").lowercased()
        return [
            "original_text_length": .integer(text.unicodeScalars.count),
            "summary_type_used": .string(type),
            "summary": .string(try Self.summary(of: text, type, parameters, call)),
            "message": "Summary generated successfully.",
        ]
    }

    private static func summary(of text: String, _ type: String, _ parameters: JSON, _ call: Call) throws -> String {
        switch type {
        case "first_sentences":
            let sentences = try Sentences.split(text, call.checkCancelled)
            return joined(sentences, limit: limit(parameters["max_sentences"], default: 2))
        case "first_words":
            let words = text.unicodeScalars.split { $0.isSpace }
            let limit = limit(parameters["max_words"], default: 50)
            return joined(words, limit: limit) + (words.count > limit ? "..." : "")
        default:
            throw SkillFailure(
                "Unsupported summary_type: \(type)",
                details: "Supported summary_types are: first_sentences, first_words."
            )
        }
    }

    /// How many pieces to keep; a number past the range of Int keeps or drops all of them.
    private static func limit(_ value: JSON?, default standard: Int) -> Int {
        guard case .number(let number)? = value else { return standard }
        return number.intValue ?? Int(exactly: number.doubleValue) ?? (number.text.hasPrefix("-") ? -.max : .max)
    }

    /// The first pieces; a negative limit leaves that many out at the end.
    private static func joined(_ pieces: [Substring.UnicodeScalarView], limit: Int) -> String {
        let kept = limit >= 0 ? pieces.prefix(limit) : pieces.dropLast(Int(clamping: limit.magnitude))
        return kept.map { String(Substring($0)) }.joined(separator: " ")
    }
}
