import Core
import PraximousJSON
import Testing

@testable import HTTPAPI

@Suite("A session of praximous.v1") struct WebSocketSessionTests {
    @Test(
        "is greeted, or closed with the code of what was wrong",
        arguments: [
            (["type": "hello", "v": 1], ["welcome"]),
            (["type": "hello", "v": 2], ["error unsupported_version", "close 4406"]),
            (["type": "start", "id": "a", "task_type": "echo"], ["close 4408"]),
            (["type": "ping"], ["close 4408"]),
            (["type": "hello"], ["error bad_message"]),
            (["type": "hello", "v": 1, "resume": ["session": "older"]], ["take older"]),
        ] as [(JSON, [String])]
    )
    func greeting(_ message: JSON, _ expected: [String]) {
        var bench = SessionBench()
        #expect(bench.hear(message) == expected)
    }

    @Test("asks for a key when the upgrade brought none")
    func token() {
        var bench = SessionBench(principal: nil)
        #expect(bench.hear(["type": "hello", "v": 1, "token": "key"]) == ["authenticate key"])
        let welcome = bench.note { $0.authenticated(SessionBench.principal, $1) }
        #expect(welcome == ["welcome"])
        var stranger = SessionBench(principal: nil)
        #expect(stranger.hear(["type": "hello", "v": 1]) == ["error missing_api_key", "close 4401"])
        var viewer = SessionBench(principal: Principal(keyID: "key", name: "eve", role: .viewer))
        #expect(viewer.hear(["type": "hello", "v": 1]) == ["error missing_scope", "close 4403"])
    }

    @Test("waits five seconds for hello, and five for the answer to its close")
    func times() {
        var bench = SessionBench()
        #expect(bench.tick(after: 4_999) == [])
        #expect(bench.tick(after: 1) == ["close 4408"])
        #expect(bench.tick(after: 4_999) == [])
        #expect(bench.tick(after: 1) == ["abort"])
    }

    @Test("pings every twenty seconds and gives up after two without an answer")
    func pings() {
        var bench = SessionBench.open()
        #expect(bench.tick(after: 19_999) == [])
        #expect(bench.tick(after: 1) == ["ping frame"])
        bench.session.life.heard(bench.now)
        #expect(bench.tick(after: 20_000) == ["ping frame"])
        #expect(bench.tick(after: 20_000) == ["ping frame"])
        #expect(bench.tick(after: 20_000) == ["close 4408"])
    }

    @Test("numbers a stream's events from 1 and ends it once")
    func stream() {
        var bench = SessionBench.open()
        #expect(bench.start() == ["accepted s 1", "open 1 s"])
        #expect(bench.delta() == ["delta s 2", "more 1"])
        #expect(bench.ended() == ["done s 3"])
        #expect(bench.ended() == [])
        #expect(bench.delta() == ["more 1"])
        #expect(bench.start() == ["accepted s 1", "open 2 s"])
    }

    @Test("tells from where an answer that starts anew counts")
    func reset() {
        var bench = SessionBench.open()
        _ = bench.start()
        _ = bench.delta()
        #expect(bench.event(.reset) == ["reset s 3 after 1", "more 1"])
        _ = bench.delta()
        #expect(bench.event(.reset) == ["reset s 5 after 3", "more 1"])
    }

    @Test("holds a stream that has no credit, but not its end")
    func credit() {
        var bench = SessionBench.open()
        _ = bench.start(credit: 1)
        #expect(bench.delta() == ["delta s 2", "more 1"])
        #expect(bench.delta() == [])
        #expect(bench.hear(["type": "credit", "id": "s", "n": 2]) == ["delta s 3", "more 1"])
        #expect(bench.delta() == ["delta s 4", "more 1"])
        #expect(bench.event(ProcessEvent(.usage)) == ["usage s 5", "more 1"])
        #expect(bench.ended() == ["done s 6"])
    }

    @Test("gives a stream up that has waited thirty seconds for its client")
    func slow() {
        var bench = SessionBench.open()
        _ = bench.start(credit: 0)
        #expect(bench.delta() == [])
        #expect(bench.tick(after: 29_000).contains("error s 2 slow_consumer") == false)
        #expect(bench.tick(after: 1_000).prefix(2) == ["error s 2 slow_consumer", "stop 1"])
        #expect(bench.ended() == [])
    }

    @Test("ends what waits for a client whose connection is cut because it does not read, and keeps the rest")
    func cut() {
        var bench = SessionBench.open(isResumable: true)
        _ = bench.start(credit: 0)
        _ = bench.start("t")
        _ = bench.delta()
        #expect(bench.delta(stream: 2) == ["delta t 2", "more 2"])
        #expect(bench.note { session, now in session.cut(now) } == ["error s 2 slow_consumer", "stop 1"])
        #expect(bench.note { session, now in session.detach(isClean: false, now) } == [])
        #expect(bench.session.openStreams.map(\.id) == ["t"])
    }

    @Test("says of a source why it stops it")
    func reasons() {
        var session = SessionBench.open().session
        _ = session.receive(Array(#"{"type":"start","id":"s","task_type":"echo","credit":0}"#.utf8), 1_000_000)
        _ = session.event(1, ProcessEvent(.delta), 1_000_000)
        let reasons = session.tick(1_030_000).compactMap { action -> String? in
            if case .cancel(_, let loss) = action { loss?.code } else { nil }
        }
        #expect(reasons == ["slow_consumer"])
    }

    @Test("stops reading a source whose events are not sent, and goes on when they are")
    func unsent() {
        var limits = SessionLimits()
        limits.maxUnsentBytes = 100
        var bench = SessionBench.open(limits: limits)
        _ = bench.start()
        let long = String(repeating: "x", count: 100)
        #expect(bench.delta(long) == ["delta s 2"])
        #expect(bench.tick(after: 1) == [])
        #expect(bench.note { session, _ in session.sent(200, stream: 1) } == ["more 1"])
    }

    @Test("cancels at its client's wish, and says so when the source does not")
    func cancel() {
        var bench = SessionBench.open()
        _ = bench.start()
        #expect(bench.hear(["type": "cancel", "id": "s"]) == ["stop 1"])
        #expect(bench.hear(["type": "cancel", "id": "s"]) == [])
        #expect(bench.delta() == ["more 1"])
        #expect(bench.ended(.error(.goingAway, requestID: nil)) == ["cancelled s 2"])
        _ = bench.start()
        _ = bench.hear(["type": "cancel", "id": "s"])
        #expect(bench.tick(after: 399) == [])
        #expect(bench.tick(after: 1) == ["cancelled s 2"])
        // What has ended by itself meanwhile has ended well.
        _ = bench.start()
        _ = bench.hear(["type": "cancel", "id": "s"])
        #expect(bench.ended(stream: 3) == ["done s 2"])
    }

    @Test("ends a stream with its deadline")
    func deadline() {
        var bench = SessionBench.open()
        _ = bench.start(deadline: 500)
        #expect(bench.tick(after: 499) == [])
        #expect(bench.tick(after: 1) == ["error s 2 deadline_exceeded", "stop 1"])
    }

    @Test("refuses an id that is open and a stream too many, without harm to the others")
    func refusals() {
        var limits = SessionLimits()
        limits.maxStreams = 2
        var bench = SessionBench.open(limits: limits)
        _ = bench.start("a")
        #expect(bench.start("a") == ["error a duplicate_id"])
        _ = bench.start("b")
        #expect(bench.start("c") == ["throttle c 1000", "error c 1 too_many_streams"])
        #expect(bench.ended(stream: 1) == ["done a 2"])
        #expect(bench.start("c") == ["accepted c 1", "open 4 c"])
    }

    @Test(
        "tells how long nothing is to be started, where a limit that comes back with the minute was met",
        arguments: [
            (["limit": "requests_per_minute"], 1_500, ["throttle s 1500", "error s 2 rate_limited"]),
            (["limit": "tokens_per_minute"], 9, ["throttle s 9", "error s 2 rate_limited"]),
            (["limit": "max_concurrent"], 1_000, ["throttle s 1000", "error s 2 rate_limited"]),
            (["limit": "tokens_per_minute"], nil, ["error s 2 rate_limited"]),
            (["limit": "budget"], 86_400_000, ["error s 2 rate_limited"]), (nil, 1_500, ["error s 2 rate_limited"]),
        ] as [(JSON?, Int?, [String])]
    )
    func throttle(_ details: JSON?, _ wait: Int?, _ expected: [String]) {
        var bench = SessionBench.open()
        _ = bench.start()
        let failure = Failure(
            .rateLimit,
            code: "rate_limited",
            message: "",
            details: details,
            retryAfterMilliseconds: wait
        )
        #expect(bench.ended(.error(failure, requestID: nil)) == expected)
    }

    @Test("lets streams end and closes with 4500 when the host can serve nothing more")
    func serverError() {
        let failure = ProcessEvent.error(
            Failure(.unavailable, code: "audit_unavailable", message: ""),
            requestID: nil
        )
        var single = SessionBench.open()
        _ = single.start()
        #expect(single.ended(failure) == ["error s 2 audit_unavailable", "goaway", "close 4500"])
        var bench = SessionBench.open()
        _ = bench.start("a")
        _ = bench.start("b")
        #expect(bench.ended(failure) == ["error a 2 audit_unavailable", "goaway"])
        #expect(bench.start("c") == ["error c 1 going_away"])
        #expect(bench.ended(stream: 2) == ["done b 2", "close 4500"])
    }

    @Test(
        "counts what is no message, and ends at the third",
        arguments: [
            "", "[]", "{}", "{\"type\":1}", "{\"type\":\"shout\"}", "{\"type\":\"start\"}",
            "{\"type\":\"start\",\"id\":\"\"}", "{\"type\":\"credit\",\"id\":\"s\",\"n\":0}",
            "{\"type\":\"credit\",\"id\":\"s\",\"n\":1.5}", "{\"type\":\"ack\",\"id\":\"s\",\"seq\":9}",
            "{\"type\":\"resume\",\"id\":\"s\",\"after_seq\":-1}", "{\"type\":\"cancel\",\"id\":7}",
            "{\"type\":\"start\",\"id\":\"t\",\"task_type\":\"echo\",\"idempotency_key\":7}",
        ]
    )
    func bad(_ text: String) {
        var bench = SessionBench.open()
        _ = bench.start()
        #expect(bench.hear(text: text) == ["error bad_message"])
        #expect(bench.hear(text: text) == ["error bad_message"])
        #expect(bench.hear(text: text) == ["error bad_message", "stop 1", "close 4400"])
        #expect(bench.hear(text: text) == [])
    }

    @Test("cancels everything when its client is lost and did not ask otherwise")
    func lost() {
        var bench = SessionBench.open()
        _ = bench.start("a")
        _ = bench.start("b")
        #expect(bench.note { $0.detach(isClean: false, $1) } == ["stop 1", "stop 2", "forget"])
    }

    @Test("keeps a lost client's events for thirty seconds, and sends the rest when it comes back")
    func resume() {
        var bench = SessionBench.open(isResumable: true)
        _ = bench.start()
        _ = bench.delta()
        #expect(bench.note { $0.detach(isClean: false, $1) } == [])
        #expect(bench.delta() == ["more 1"])
        #expect(bench.tick(after: 29_000) == [])
        #expect(bench.note { $0.attach($1) } == ["welcome"])
        #expect(bench.delta() == ["more 1"])
        let rest = ["delta s 2", "delta s 3", "delta s 4"]
        #expect(bench.hear(["type": "resume", "id": "s", "after_seq": 1]) == rest)
        #expect(bench.ended() == ["done s 5"])
        #expect(bench.hear(["type": "ack", "id": "s", "seq": 5]) == [])
        #expect(bench.hear(["type": "resume", "id": "s", "after_seq": 1]) == ["error s resume_gone"])
    }

    @Test("forgets a lost client after its time")
    func tooLate() {
        var bench = SessionBench.open(isResumable: true)
        _ = bench.start()
        _ = bench.note { $0.detach(isClean: false, $1) }
        #expect(bench.tick(after: 30_000) == ["stop 1", "forget"])
        #expect(bench.session.mayBeTaken(by: SessionBench.principal) == false)
    }

    @Test("says that events are gone which were acknowledged, or pushed out by later ones")
    func gone() {
        var limits = SessionLimits()
        limits.maxStreamBytes = 400
        var bench = SessionBench.open(limits: limits, isResumable: true)
        _ = bench.start()
        for _ in 0..<20 {
            _ = bench.delta()
            _ = bench.note { session, _ in session.sent(session.unsentBytes, stream: 1) }
        }
        _ = bench.note { $0.detach(isClean: false, $1) }
        _ = bench.note { $0.attach($1) }
        #expect(bench.hear(["type": "resume", "id": "s", "after_seq": 2]) == ["error s resume_gone", "stop 1"])
    }

    @Test("pauses a source whose client is away once enough is kept")
    func awayAndFull() {
        var limits = SessionLimits()
        limits.maxStreamBytes = 130
        var bench = SessionBench.open(limits: limits, isResumable: true)
        _ = bench.start()
        _ = bench.note { $0.detach(isClean: false, $1) }
        #expect(bench.delta() == ["more 1"])
        #expect(bench.delta() == [])
        _ = bench.note { $0.attach($1) }
        let rest = bench.hear(["type": "resume", "id": "s", "after_seq": 1])
        #expect(rest == ["delta s 2", "delta s 3", "more 1"])
    }

    @Test("lets streams end when the host stops, takes no new ones, and then closes")
    func drain() {
        var idle = SessionBench.open()
        #expect(idle.note { $0.drain($1) } == ["goaway", "close 1001"])
        var busy = SessionBench.open()
        _ = busy.start()
        #expect(busy.note { $0.drain($1) } == ["goaway"])
        #expect(busy.start("late") == ["error late 1 going_away"])
        #expect(busy.ended() == ["done s 2", "close 1001"])
        var stuck = SessionBench.open()
        _ = stuck.start()
        _ = stuck.note { $0.drain($1) }
        #expect(stuck.tick(after: 20_000) == ["error s 2 going_away", "close 1001", "stop 1"])
    }

    @Test("ends after an hour, as for a stop but with another code")
    func age() {
        var limits = SessionLimits()
        limits.pingMilliseconds = 10_000_000
        var bench = SessionBench.open(limits: limits)
        _ = bench.start()
        #expect(bench.tick(after: 3_600_000) == ["goaway"])
        #expect(bench.ended() == ["done s 2", "close 1012"])
    }

    @Test("ends when its key is revoked")
    func revoked() {
        var bench = SessionBench.open()
        _ = bench.start()
        #expect(bench.note { $0.revoke($1) } == ["error s 2 key_revoked", "stop 1", "close 4401"])
        #expect(bench.note { $0.revoke($1) } == [])
    }

    @Test("answers pings until there are too many")
    func pingFlood() {
        var bench = SessionBench.open()
        #expect(bench.hear(["type": "ping", "t": [1]]) == ["pong"])
        for _ in 0..<199 { _ = bench.note { $0.ping($1) ?? [] } }
        #expect(bench.note { $0.ping($1) ?? [] } == ["close 4429"])
    }
}
