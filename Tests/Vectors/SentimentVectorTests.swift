import PraximousJSON
import TestSupport
import Testing

@Suite("The sentiment analyzer gives the scores VADER gives")
struct SentimentVectorTests {
    @Test("for what was recorded from it", arguments: try Vector.lines(of: "sentiment.jsonl"))
    func scores(vector: JSON) throws {
        let text = try #require(vector["text"])
        let record = try BuiltPlugins.driver("sentiment_analyzer").call("analyze_sentiment", ["text": text])
        #expect(record.result?["scores"] == vector["scores"])
        #expect(record.result?["text"] == text)
    }
}
