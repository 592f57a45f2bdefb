import PluginRuntime
import Testing

@Suite("A plugin that streams by credit", .timeLimit(.minutes(1))) struct CreditTests {
    @Test("is told of credit also when the little that was left did not suffice", arguments: [40, 64, 100, 4096])
    func noLostCredit(windowBytes: Int) async throws {
        let plugin = try Rendezvous()
        let events = EventQueue(windowBytes: windowBytes)
        async let outcome = plugin.call("stream_by_credit", events: events)
        var numbers: [Int] = []
        while let event = await events.next() {
            numbers.append(Int(String(decoding: event.json.dropFirst().dropLast(), as: UTF8.self)) ?? -1)
        }
        #expect(numbers == Array(0..<100))
        #expect(["0", "1"].contains(await outcome.text))
    }

    @Test("clears its callback only when that is not running")
    func clearing() async throws {
        let plugin = try Rendezvous()
        let events = EventQueue(windowBytes: 20)
        async let outcome = plugin.call("clear_credit_callback", events: events)
        #expect(await plugin.started.wait())
        while await events.next() != nil {}
        #expect(await outcome.text == "1")
    }
}
