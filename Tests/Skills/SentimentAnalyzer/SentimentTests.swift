import PraximousJSON
import TestSupport
import Testing

@Suite("sentiment_analyzer")
struct SentimentTests {
    private let skill: PluginDriver

    init() throws { skill = try BuiltSkill.sentimentAnalyzer.get() }

    @Test("answers with the text, the scores in VADER's order, and the mood")
    func wholeAnswer() {
        let call = skill.call("analyze_sentiment", ["text": "VADER is smart, handsome, and funny!"])
        #expect(
            call.result?.text
                == #"{"text":"VADER is smart, handsome, and funny!","#
                + #""scores":{"neg":0.0,"neu":0.248,"pos":0.752,"compound":0.8439},"overall_sentiment":"positive"}"#
        )
        #expect(call.ends == 1)
    }

    @Test("gives the scores of the published program", arguments: SentimentCorpus.rows)
    func scores(_ row: SentimentRow) {
        let scores = skill.call("analyze_sentiment", ["text": .string(row.text)]).result?["scores"]
        let written = ["neg", "neu", "pos", "compound"].map { scores?[$0]?.text ?? "missing" }
        #expect(written.joined(separator: " ") == row.scores, "\(row.text)")
    }

    @Test(
        "calls a compound from 0.05 up positive, from -0.05 down negative, and the rest neutral",
        arguments: [
            ("good", "positive"), ("bad", "negative"), ("table", "neutral"), ("😡", "neutral"), (" ", "neutral"),
        ]
    )
    func mood(_ text: String, _ mood: String) {
        let call = skill.call("analyze_sentiment", ["text": .string(text)])
        #expect(call.result?["overall_sentiment"]?.stringValue == mood)
    }

    @Test(
        "takes the prompt when there is no text",
        arguments: ["{\"prompt\":\"good\"}", "{\"text\":\"\",\"prompt\":\"good\"}"]
    )
    func prompt(_ parameters: String) {
        let call = skill.call("analyze_sentiment", text: parameters)
        #expect(call.result?["text"] == "good")
    }

    @Test("refuses an empty text", arguments: ["{}", "{\"text\":\"\"}", "{\"prompt\":\"\"}"])
    func empty(_ parameters: String) {
        let failure = skill.call("analyze_sentiment", text: parameters).failure
        #expect(failure?.message == "Input Error")
        #expect(failure?.details == "Text for sentiment analysis cannot be empty.")
        #expect(failure?.status == -1)
    }

    @Test("scales a long text around its first but in time that does not grow with the square", .timeLimit(.minutes(1)))
    func longContrast() {
        let half = String(repeating: "good bad great awful ", count: 10_000)
        let call = skill.call("analyze_sentiment", ["text": .string(half + "but " + half)])
        #expect(call.result != nil)
    }

    @Test("stops when the call is cancelled")
    func cancelled() throws {
        var options = FakeHost.Options()
        options.isCancelled = true
        let skill = try BuiltSkill.load("sentiment_analyzer", host: FakeHost(options)).get()
        #expect(skill.call("analyze_sentiment", ["text": "good"]).failure?.status == -5)
    }
}
