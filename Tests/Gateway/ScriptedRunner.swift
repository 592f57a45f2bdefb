import Core
import PluginRuntime
import PraximousJSON
import Synchronization

/// A provider that does what it is told, call by call; the last script is repeated.
final class ScriptedRunner: SkillRunner {
    enum Act: Sendable {
        case wait(Duration)
        /// One chunk with this content.
        case say(String)
        case chunk(String)
        case event(CallEvent)
        case fail(Failure)
        /// The end of a stream or a whole answer.
        case finish(String)
        /// Silence until cancelled.
        case hang
    }

    struct Call: Sendable {
        let seconds: Double
        let operation: String
        let body: JSON
        let trace: TraceContext?
    }

    private struct State {
        var scripts: [[Act]]
        var calls: [Call] = []
        var cancelledAt: [Double] = []
    }

    private let time: VirtualTime
    private let state: Mutex<State>
    let name: String

    init(_ name: String, _ time: VirtualTime, _ scripts: [[Act]]) {
        self.name = name
        self.time = time
        state = Mutex(State(scripts: scripts))
    }

    var calls: [Call] { state.withLock { $0.calls } }
    /// When calls were given up by the host.
    var cancelledAt: [Double] { state.withLock { $0.cancelledAt } }
    var isConcurrent: Bool { true }
    func inlineCaller() -> InlineCaller? { nil }
    func retire() {}

    func call(_ call: SkillCall) async -> CallOutcome? {
        let seconds = time.seconds
        let script = state.withLock { state in
            let body = (try? JSON.parse(call.parameters)) ?? .null
            state.calls.append(
                Call(seconds: seconds, operation: call.operation, body: body, trace: call.context.trace)
            )
            return state.scripts.count > 1 ? state.scripts.removeFirst() : state.scripts.first ?? []
        }
        let limit = seconds + Double(call.timeout.components.seconds)
        for act in script {
            do {
                switch act {
                case .wait(let duration):
                    let left = max(0, limit - time.seconds)
                    if Double(duration.components.seconds) > left {
                        try await time.sleep(.seconds(left))
                        return .failure(.deadlinePassed)
                    }
                    try await time.sleep(duration)
                case .say(let text): emit(call, Self.chunk(id: "id-" + name, text))
                case .chunk(let json): emit(call, json)
                case .event(let event): _ = call.events?.tryEmit(event)
                case .fail(let failure): return .failure(failure)
                case .finish(let json): return .result(Array(json.utf8))
                case .hang:
                    try await time.sleep(.seconds(limit - time.seconds))
                    return .failure(.deadlinePassed)
                }
            } catch {
                state.withLock { $0.cancelledAt.append(time.seconds) }
                return .failure(.callCancelled)
            }
        }
        return .failure(Failure(.internal, code: "no_result", message: "The script is over."))
    }

    private func emit(_ call: SkillCall, _ json: String) {
        _ = call.events?.tryEmit(CallEvent(kind: "delta", json: Array(json.utf8)))
    }

    static func chunk(id: String, _ text: String) -> String {
        let content = JSON.string(text).text
        return #"{"id":"\#(id)","object":"chat.completion.chunk","created":1,"model":"m","#
            + #""choices":[{"index":0,"delta":{"content":\#(content)},"finish_reason":null}]}"#
    }
}

extension [ScriptedRunner.Act] {
    static let sixtyWords = (1...60).map { "word\($0) " }
    static let end = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
    static let summary =
        #"{"id":"x","model":"m","finish_reason":"stop","usage":{"prompt_tokens":7,"completion_tokens":60}}"#

    /// The whole answer, streamed.
    static var healthy: Self { words(0..<60) + [.chunk(end), .finish(summary)] }
    static func words(_ range: Range<Int>) -> Self { sixtyWords[range].map { .say($0) } }
}
