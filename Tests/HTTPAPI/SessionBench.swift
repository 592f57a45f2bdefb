import Core
import PraximousJSON

@testable import HTTPAPI

/// A session under test with a clock that stands still, and what it said so far in short.
struct SessionBench {
    var session: WebSocketSession
    var now: UInt64 = 1_000_000
    private(set) var said: [String] = []

    static let principal = Principal(keyID: "key", name: "ada", role: .developer)

    init(limits: SessionLimits = SessionLimits(), principal: Principal? = SessionBench.principal) {
        session = WebSocketSession(
            id: "session",
            principal: principal,
            limits: limits,
            makeRequestID: { "request" },
            now: now
        )
    }

    /// One that has been greeted.
    static func open(limits: SessionLimits = SessionLimits(), isResumable: Bool = false) -> SessionBench {
        var bench = SessionBench(limits: limits)
        _ = bench.hear(["type": "hello", "v": 1, "resume": isResumable ? [:] : .null])
        return bench
    }

    mutating func hear(_ message: JSON) -> [String] { note { $0.receive(message.encoded(), $1) } }
    mutating func hear(text: String) -> [String] { note { $0.receive(Array(text.utf8), $1) } }

    mutating func start(_ id: String = "s", credit: Int? = nil, deadline: Int? = nil) -> [String] {
        var message: JSONObject = ["type": "start", "id": .string(id), "task_type": "echo"]
        message["credit"] = credit.map { .integer($0) }
        message["deadline_ms"] = deadline.map { .integer($0) }
        return hear(.object(message))
    }

    mutating func event(_ event: ProcessEvent, stream: Int = 1) -> [String] { note { $0.event(stream, event, $1) } }
    mutating func delta(_ text: String = "x", stream: Int = 1) -> [String] {
        event(ProcessEvent(.delta, ["text": .string(text)]), stream: stream)
    }
    mutating func ended(_ event: ProcessEvent = ProcessEvent(.done), stream: Int = 1) -> [String] {
        note { $0.ended(stream, event, $1) }
    }

    /// Lets time pass and looks at the clock.
    mutating func tick(after milliseconds: UInt64) -> [String] {
        now += milliseconds
        return note { $0.tick($1) }
    }

    /// Does something and tells in short what came of it; everything said is taken for sent at once.
    mutating func note(_ body: (inout WebSocketSession, UInt64) -> [WebSocketSession.Action]) -> [String] {
        body(&session, now).map(Self.words)
    }

    static func words(_ action: WebSocketSession.Action) -> String {
        switch action {
        case .send(let text, _): words(text)
        case .ping: "ping frame"
        case .close(let code, _): "close \(code.rawValue)"
        case .abort: "abort"
        case .authenticate(let token): "authenticate \(token)"
        case .take(let session): "take \(session)"
        case .open(let stream, let start, _): "open \(stream) \(start.id)"
        case .more(let stream): "more \(stream)"
        case .cancel(let stream, _): "stop \(stream)"
        case .forget: "forget"
        }
    }

    /// `delta s 2`, `error s 3 slow_consumer`, `throttle s 1500`, `welcome`.
    private static func words(_ text: [UInt8]) -> String {
        let message = try? JSON.parse(text)
        return [
            message?["type"]?.stringValue, message?["id"]?.stringValue, message?["seq"]?.intValue.map(String.init),
            message?["code"]?.stringValue, message?["discard_after_seq"]?.intValue.map { "after \($0)" },
            message?["type"] == "throttle" ? message?["retry_after_ms"]?.intValue.map(String.init) : nil,
        ].compactMap(\.self).joined(separator: " ")
    }
}
