import PraximousJSON
import Testing

@testable import HTTPAPI

@Suite("Events that are kept for repeats") struct KeptEventsTests {
    @Test("come again as they were, whatever is in them")
    func again() {
        let events = [
            ProcessEvent(.route, ["provider": "a"]), ProcessEvent(.delta, encoded: Array("{\"data\":\n{\n}}".utf8)),
            ProcessEvent(.delta, ["text": "done 7\n€"]), ProcessEvent(.usage), ProcessEvent(.done, ["result": 1]),
        ]
        var kept = KeptEvents()
        for event in events { kept.append(event) }
        #expect(KeptEvents.events(in: kept.bytes) == events)
        #expect(KeptEvents.events(in: []) == [])
    }

    @Test("say at the end that they are an earlier stream's")
    func replayed() {
        let text = { (event: ProcessEvent) in String(decoding: event.replayed.members, as: UTF8.self) }
        #expect(text(ProcessEvent(.done, ["a": 1])) == #"{"replayed":true,"a":1}"#)
        #expect(text(ProcessEvent(.done)) == #"{"replayed":true}"#)
    }
}
