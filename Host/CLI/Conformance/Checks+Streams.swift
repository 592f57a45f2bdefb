import Core
import PluginRuntime
import PraximousJSON
import Workers

extension Check {
    /// Events, of operations that skill.yaml calls streaming.
    static let streams = [
        Check("stream/events", 2, "Each event is of a known kind and carries one JSON value.") { bench in
            try eachStream(bench) { operation, parameters, trial in
                let answer = trial.call(operation.name, parameters, timeout: bench.timeout(operation), streams: true)
                let rule = AnswerRule(operation: operation, parameters: parameters)
                try rule.check(answer.outcome, of: trial)
                for event in answer.events {
                    guard kinds.contains(event.kind) || event.kind.hasPrefix("x-") else {
                        throw rule.failure(
                            "an event of kind \(event.kind.quotedForMessage())",
                            "Use delta, tool_call, usage, progress, data, or x- and a word of your own."
                        )
                    }
                    guard (try? JSON.parse(event.json)) != nil else {
                        throw rule.failure("an event that is not one JSON value", "Escape strings.")
                    }
                }
            }
        },
        Check("stream/same-result", 3, "With and without a listener the result is the same.") { bench in
            try eachStream(bench) { operation, parameters, trial in
                let timeout = bench.timeout(operation)
                let loud = trial.call(operation.name, parameters, timeout: timeout, streams: true).outcome
                let quiet = trial.call(operation.name, parameters, timeout: timeout).outcome
                let rule = AnswerRule(operation: operation, parameters: parameters)
                try rule.check(quiet, of: trial)
                guard loud?.isResult != quiet?.isResult else { return }
                throw rule.failure(
                    "a result in one case, an error in the other",
                    "Finish with the whole result in both cases; emit() does no harm when nobody listens."
                )
            }
        },
        Check("stream/listener-leaves", 4, "When the listener leaves, the plugin stops.") { bench in
            try eachStream(bench) { operation, parameters, trial in
                _ = trial.cancelledCall(operation.name, parameters, after: .zero, streams: true)
                let rule = AnswerRule(operation: operation, parameters: parameters)
                guard trial.isIdle(within: bench.runtime.settings.cancelGrace) else {
                    throw rule.failure(
                        "it went on after its listener had left",
                        "Stop when emit() gives PRAX_E_CANCELLED."
                    )
                }
                let after = trial.call(operation.name, parameters, timeout: bench.timeout(operation), streams: true)
                try rule.check(after.outcome, of: trial)
            }
        },
    ]

    private static let kinds: Set = ["delta", "tool_call", "usage", "progress", "data"]

    private static func eachStream(
        _ bench: CheckBench,
        _ body: (Manifest.Operation, [UInt8], CheckTrial) throws -> Void
    ) throws -> String? {
        guard bench.operations.contains(where: \.isStreaming) else { return "no operation is streaming" }
        return try eachOperation(bench) { operation, parameters, trial in
            guard operation.isStreaming else { return }
            // Those of our own templates listen to it; others take it for a member like any other.
            let wanted = (try? JSON.parse(parameters))?.replacing("stream", with: true).encoded() ?? parameters
            let isKnown = operation.parametersSchema["properties"]?["stream"] != nil
            try body(operation, isKnown ? wanted : parameters, trial)
        }
    }
}
