import Audit
import Core
import Gateway
import PluginRuntime
import PraximousJSON
import Synchronization
import TestSupport
import Testing

/// A chat pipeline over scripted providers, on virtual time and a real audit log.
final class TestGateway: Sendable {
    struct Result: Sendable {
        var text = ""
        var events: [ChatEvent] = []
        var answer: Swift.Result<ChatAnswer, Failure>
        var seconds = 0.0

        var code: String? {
            if case .failure(let failure) = answer { failure.code } else { nil }
        }
        var ids: Set<String> {
            Set(
                events.compactMap {
                    if case .chunk(let bytes) = $0 { (try? JSON.parse(bytes))?["id"]?.stringValue } else { nil }
                }
            )
        }
        var routed: [String] {
            events.compactMap {
                guard case .routed(let provider, _, let attempt, let reason) = $0 else { return nil }
                return "\(provider) \(attempt) \(reason ?? "-")"
            }
        }
    }

    let time: VirtualTime
    let audit: AuditLog
    let pipeline: ChatPipeline
    private let folder: TemporaryFolder

    static let principal = Principal(keyID: "k", name: "n", role: .developer)

    init(
        _ route: (inout RouteSettings) -> Void = { _ in },
        breaker: BreakerSettings = BreakerSettings(),
        persona: String? = nil,
        time: VirtualTime = VirtualTime(),
        providers: (VirtualTime) -> [ScriptedRunner]
    ) throws {
        self.time = time
        folder = try TemporaryFolder()
        audit = try AuditLog(path: folder.path + "/audit.db", mode: .strict)
        let runners = providers(time)
        var settings = RouteSettings(
            name: RouteSettings.defaultName,
            targets: runners.map { RouteSettings.Target(provider: $0.name) }
        )
        route(&settings)
        let served = try runners.map { runner in
            let plugin = try PluginName.parse("acme/" + runner.name)
            return ServedProvider(
                entry: ProviderEntry(name: runner.name, plugin: plugin, model: runner.name + "-model"),
                runner: runner
            )
        }
        let table = ProviderTable(ProviderSnapshot(providers: served, routes: [settings], breaker: breaker))
        let outcomes = Outcomes()
        self.outcomes = outcomes
        let measured = Measured()
        self.measured = measured
        pipeline = ChatPipeline(
            providers: table,
            audit: audit,
            admission: ChatAdmission { ask throws(Failure) in
                outcomes.admit(ask)
                return ChatAdmission.Lease(candidates: ask.candidates, rateLimit: nil) { outcome in
                    outcomes.add(outcome)
                    return 42
                }
            },
            observer: ChatObserver(sample: 1, began: measured.began, finished: measured.add),
            persona: { persona },
            time: time.chatTime
        )
    }

    /// What was settled with the limits.
    let outcomes: Outcomes

    final class Outcomes: Sendable {
        private let values = Mutex<[ChatAdmission.Bill?]>([])
        private let asks = Mutex<[ChatAdmission.Ask]>([])
        var asked: [ChatAdmission.Ask] { asks.withLock { $0 } }
        func admit(_ ask: ChatAdmission.Ask) { asks.withLock { $0.append(ask) } }
        var all: [ChatAdmission.Bill?] { values.withLock { $0 } }
        func add(_ outcome: ChatAdmission.Bill?) { values.withLock { $0.append(outcome) } }
    }

    /// What the observer heard.
    let measured: Measured

    final class Measured: Sendable {
        private let calls = Mutex<[ModelCall]>([])
        private let begun = Mutex<[Bool]>([])
        var all: [ModelCall] { calls.withLock { $0 } }
        var streamed: [Bool] { begun.withLock { $0 } }
        func began(_ isStreaming: Bool) { begun.withLock { $0.append(isStreaming) } }
        func add(_ call: ModelCall) { calls.withLock { $0.append(call) } }
    }

    var origin: RequestOrigin {
        RequestOrigin(requestID: RequestID.make(), receivedAt: 1, startedAt: time.now, clientAddress: nil)
    }

    static func request(_ members: JSONObject = [:], isStreaming: Bool = true, allowsReset: Bool = false) -> ChatRequest
    {
        var body: JSONObject = ["messages": [["role": "user", "content": "Count to sixty"]]]
        for member in members { body[member.key] = member.value }
        return ChatRequest(model: "", isStreaming: isStreaming, body: body, allowsReset: allowsReset)
    }

    /// Streams one answer to its end.
    func stream(_ request: ChatRequest = request()) async -> Result {
        let (pipeline, origin, time) = (pipeline, origin, time)
        let begun = time.seconds
        var result = await time.run {
            let queue = ChatEventQueue()
            async let ended = Self.answer(pipeline, origin, request, queue)
            var result = Result(answer: .failure(.callCancelled))
            while let event = await queue.next() {
                result.events.append(event)
                switch event {
                case .reset: result.text = ""
                case .chunk(let bytes): result.text += ((try? JSON.parse(bytes)).flatMap(Self.content)) ?? ""
                case .routed: break
                }
            }
            result.answer = await ended
            return result
        }
        result.seconds = time.seconds - begun
        return result
    }

    /// Asks for one whole answer.
    func whole(_ request: ChatRequest = request(isStreaming: false)) async -> Swift.Result<ChatAnswer, Failure> {
        let (pipeline, origin) = (pipeline, origin)
        return await time.run { await Self.answer(pipeline, origin, request, nil) }
    }

    private static func content(_ chunk: JSON) -> String? {
        chunk["choices"]?.arrayValue?.first?["delta"]?["content"]?.stringValue
    }

    private static func answer(
        _ pipeline: ChatPipeline,
        _ origin: RequestOrigin,
        _ request: ChatRequest,
        _ queue: ChatEventQueue?
    ) async -> Swift.Result<ChatAnswer, Failure> {
        defer { queue?.close() }
        do throws(Failure) {
            return .success(
                try await pipeline.chat(
                    origin,
                    principal: .success(principal),
                    request: .success(request),
                    requestBytes: 10,
                    events: queue
                )
            )
        } catch {
            return .failure(error)
        }
    }
}

extension Failure {
    static func upstream(_ kind: Failure.Kind, _ code: String, status: Int? = nil, retryAfter: Int? = nil) -> Failure {
        Failure(
            kind,
            code: code,
            message: "The upstream said \(code).",
            details: status.map { ["status": .integer($0)] },
            retryAfterMilliseconds: retryAfter
        )
    }

    static let rateLimited = upstream(.rateLimit, "rate_limited", status: 429)
    static let serverError = upstream(.upstream, "upstream_error", status: 500)
    static let overloaded = upstream(.unavailable, "overloaded", status: 503)
    static let reset = upstream(.upstream, "upstream_unreachable")
    static let cutOff = upstream(.upstream, "upstream_cut")
}
