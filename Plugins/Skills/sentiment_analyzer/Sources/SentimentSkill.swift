import PraximousJSON
import PraximousPlugin

struct SentimentSkill: Skill {
    static let identity = PluginIdentity(id: "praximous/sentiment-analyzer", version: "1.0.0")
    static let operations = ["analyze_sentiment"]

    /// Made with the first call: its lexicon takes most of a megabyte.
    private static let analyzer = Analyzer()

    init(host: PluginHost) {}

    func execute(_ operation: String, _ parameters: JSON, _ call: Call) throws -> JSON {
        let named = parameters["text"]?.stringValue ?? ""
        let text = named.isEmpty ? parameters["prompt"]?.stringValue ?? "" : named
        guard !text.isEmpty else {
            throw SkillFailure("Input Error", details: "Text for sentiment analysis cannot be empty.")
        }
        guard let scores = Self.analyzer.scores(of: text, isCancelled: { call.isCancelled }) else {
            throw SkillFailure.cancelled
        }
        return ["text": .string(text), "scores": scores.json, "overall_sentiment": .string(scores.mood)]
    }
}

extension Scores {
    fileprivate var json: JSON {
        [
            "neg": .double(negative), "neu": .double(neutral), "pos": .double(positive), "compound": .double(compound),
        ]
    }
}
