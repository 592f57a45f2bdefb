import PraximousJSON
import PraximousPlugin
import TestSupport
import Testing

@Suite("A call through the table")
struct SkillCallTests {
    private let driver: PluginDriver

    init() throws { driver = try PluginDriver(probe.table(1, 0)) }

    @Test("finishes with what the skill returns")
    func success() {
        let record = driver.call("echo", ["text": "Grüße", "big": 9_007_199_254_740_993])
        #expect(record.result == ["echo": ["text": "Grüße", "big": 9_007_199_254_740_993]])
        #expect(record.failure == nil)
        #expect(record.ends == 1)
        #expect(record.returned == 0)
    }

    @Test("fails with the skill's own words")
    func failure() {
        let record = driver.call("fail", [:])
        #expect(
            record.failure
                == CallRecord.Failure(
                    status: -1,
                    code: "invalid_input",
                    message: "Input Error",
                    details: "'text' is \"required\"."
                )
        )
        #expect(record.result == nil)
        #expect(record.ends == 1)
        #expect(record.returned == 0)
    }

    @Test("carries status, structured details and the time to retry")
    func structuredFailure() {
        #expect(
            driver.call("refuse", [:]).failure
                == CallRecord.Failure(
                    status: -11,
                    code: "too_fast",
                    message: "Slow down",
                    details: ["limit": 3],
                    retryAfterMilliseconds: 1_500
                )
        )
    }

    @Test("keeps the text of an unforeseen error from the client and gives it to the operator")
    func unforeseen() {
        let record = driver.call("surprise", [:])
        #expect(record.failure?.status == -12)
        #expect(record.failure?.message == "The skill failed unexpectedly.")
        #expect(record.failure?.details == nil)
        #expect(record.log == ["4 unexpected error: Surprise()"])
    }

    @Test("refuses an operation the skill does not list", arguments: ["", "ECHO", "echo ", "nothing"])
    func unknownOperation(name: String) {
        let failure = driver.call(name, [:]).failure
        #expect(failure?.status == -2)
        #expect(failure?.message == "Unsupported Operation")
        #expect(failure?.details == .string("Operation '\(name)' is not supported."))
    }

    @Test("refuses parameters that are not JSON", arguments: ["", "{", "{\"a\":1,\"a\":2}", "nul", "{} {}"])
    func brokenParameters(text: String) {
        let record = driver.call("echo", text: text)
        #expect(record.failure?.status == -1)
        #expect(record.failure?.message == "The parameters are not valid JSON.")
        #expect(record.ends == 1)
    }

    @Test("streams events in order, then finishes")
    func events() {
        let record = driver.call("stream", [:])
        #expect(record.events.map(\.kind) == ["delta", "delta", "delta"])
        #expect(record.events.map(\.json) == [["n": 1], ["n": 2], ["n": 3]])
        #expect(record.result == "done")
    }

    @Test("ends as cancelled when an event is refused for that")
    func cancelledWhileStreaming() throws {
        var options = FakeHost.Options()
        options.emitStatus = -5
        let record = try PluginDriver(probe.table(1, 0), host: FakeHost(options)).call("stream", [:])
        #expect(record.failure?.status == -5)
        #expect(record.events.count == 1)
    }

    @Test("names the status when an event is refused for another reason")
    func refusedEvent() throws {
        var options = FakeHost.Options()
        options.emitStatus = -8
        let record = try PluginDriver(probe.table(1, 0), host: FakeHost(options)).call("stream", [:])
        #expect(record.failure?.status == -8)
        #expect(record.failure?.message == "The host refused an event of kind delta with status -8.")
    }

    @Test("sees that it was cancelled")
    func cancelled() throws {
        var options = FakeHost.Options()
        options.isCancelled = true
        let record = try PluginDriver(probe.table(1, 0), host: FakeHost(options)).call("stop", [:])
        #expect(record.failure?.status == -5)
        #expect(record.failure?.code == "cancelled")
        #expect(driver.call("stop", [:]).result == "went on")
    }

    @Test("returns the host's status when it does not take the result")
    func refusedResult() throws {
        var options = FakeHost.Options()
        options.finishStatus = -8
        let record = try PluginDriver(probe.table(1, 0), host: FakeHost(options)).call("echo", [:])
        #expect(record.returned == -8)
        #expect(record.ends == 1)
    }

    @Test("answers many threads at once on one instance")
    func concurrentCalls() async {
        await withTaskGroup(of: JSON?.self) { group in
            for number in 0..<200 {
                group.addTask { driver.call("echo", ["n": .integer(number)]).result?["echo"]?["n"] }
            }
            var sum = 0
            for await number in group { sum += number?.intValue ?? 0 }
            #expect(sum == 19_900)
        }
    }
}
