import PraximousJSON
import PraximousPlugin

struct PIIRedactorSkill: Skill {
    static let identity = PluginIdentity(id: "praximous/pii-redactor", version: "1.0.0")
    static let operations = ["redact_text"]

    init(host: PluginHost) {}

    func execute(_ operation: String, _ parameters: JSON, _ call: Call) throws -> JSON {
        if let asked = parameters["operation"]?.stringValue, asked.lowercased() != "redact_text" {
            throw SkillFailure(
                "Unsupported Operation",
                details: "Operation '\(asked.lowercased())' is not supported by pii_redactor."
            )
        }
        let options = try Options(parameters)
        let folded = FoldedText(options.text)
        let detection = Detection(kinds: options.kinds, patterns: options.patterns) { call.isCancelled }
        guard let matches = detection.matches(in: folded) else { throw SkillFailure.cancelled }
        return Redaction(options.text, folded: folded, matches: matches, mode: options.mode).json
    }
}

extension Redaction {
    /// The answer: of a match only kind and place are told, never the text.
    var json: JSON {
        var counts = JSONObject()
        for entity in entities {
            let key = entity.match.kind == .custom ? "custom:" + entity.match.name : entity.match.kind.rawValue
            counts[key] = .integer((counts[key]?.intValue ?? 0) + 1)
        }
        return ["redacted_text": .string(text), "entities": .array(entities.map(\.json)), "counts": .object(counts)]
    }
}

extension Redaction.Entity {
    fileprivate var json: JSON {
        var object = JSONObject()
        object["kind"] = .string(match.kind.rawValue)
        if match.kind == .custom { object["name"] = .string(match.name) }
        object["start"] = .integer(Int(origin.start))
        object["end"] = .integer(Int(origin.end))
        object["length"] = .integer(Int(origin.end - origin.start))
        object["start_byte"] = .integer(Int(origin.startByte))
        object["end_byte"] = .integer(Int(origin.endByte))
        return .object(object)
    }
}
