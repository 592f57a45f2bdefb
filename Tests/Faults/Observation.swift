import PraximousJSON
import TestSupport

/// What came of a call that does harm.
struct Observation: Sendable {
    let status: Int
    var code: String?
    var milliseconds = 0
    /// For the message of a test that fails.
    var text = ""
    var answer: HTTPAnswer?

    init(_ answer: HTTPAnswer, milliseconds: Int) {
        status = answer.status
        code = answer.json["error"]?["code"]?.stringValue
        self.milliseconds = milliseconds
        text = String(answer.text.prefix(500))
        self.answer = answer
    }

    /// A stream's terminal event says what the status would have been.
    init(_ stream: EventStreamReader, milliseconds: Int) {
        let isError = stream.events.last == "error"
        code = isError || stream.status != 200 ? stream.code : nil
        let statuses = ["plugin_timeout": 504, "plugin_crashed": 502]
        status = isError && stream.status == 200 ? code.flatMap { statuses[$0] } ?? 500 : stream.status
        self.milliseconds = milliseconds
        text = String(stream.text.suffix(500))
    }

    func fits(_ expected: ExpectedAnswer) -> Bool {
        guard status == expected.status, code == expected.code else { return false }
        return expected.result == nil || answer?.json["result"] == expected.result
    }
}

/// How long something takes, in milliseconds.
struct Stopwatch {
    private let start = ContinuousClock.now

    var milliseconds: Int {
        let passed = (ContinuousClock.now - start).components
        return Int(passed.seconds) * 1000 + Int(passed.attoseconds / 1_000_000_000_000_000)
    }
}
