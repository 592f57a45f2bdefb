import Core
import PluginRuntime
import PraximousJSON
import Workers

extension Check {
    /// What a host asks of a provider, by the table prax.provider/1.
    ///
    /// Here nothing is behind HTTP: a provider whose models are elsewhere can only refuse, in the form of errors.
    static let providers = [
        Check("provider/models", 2, "models() lists models, each with an id.") { bench in
            try ask(bench, "models", [:]) { answer in
                guard let models = answer.result["models"]?.arrayValue else {
                    throw answer.failure("no member `models` that is a list", "Finish with {\"models\":[{\"id\":…}]}.")
                }
                guard models.allSatisfy({ $0["id"]?.stringValue?.isEmpty == false }) else {
                    throw answer.failure("a model without an `id`", "Give each model the name that chat() takes.")
                }
            }
        },
        Check("provider/health", 2, "health() says ok, degraded or down.") { bench in
            try ask(bench, "health", [:]) { answer in
                let status = answer.result["status"]?.stringValue ?? "none"
                guard ["ok", "degraded", "down"].contains(status) else {
                    throw answer.failure("the status \(status.quotedForMessage())", "Say ok, degraded or down.")
                }
            }
        },
        Check("provider/chat", 2, "chat() finishes with a chat.completion.") { bench in
            try ask(bench, "chat", question(isStreaming: false)) { answer in
                let choice = answer.result["choices"]?.arrayValue?.first
                guard let choice, choice["message"]?.objectValue != nil else {
                    throw answer.failure("no choice with a `message`", "Finish with OpenAI's chat.completion.")
                }
                guard choice["finish_reason"]?.stringValue != nil else {
                    throw answer.failure("a choice without a `finish_reason`", "Say stop, length, tool_calls or so.")
                }
            }
        },
        Check("provider/stream", 2, "A streamed chat() emits chat.completion.chunks, and says at its end how it ended.")
        {
            bench in
            try ask(bench, "chat", question(isStreaming: true)) { answer in
                guard !answer.chunks.isEmpty, answer.chunks.allSatisfy({ $0["choices"]?.arrayValue != nil }) else {
                    throw answer.failure(
                        "a delta that has no `choices`, or none at all",
                        "Emit each whole chat.completion.chunk as an event of kind delta."
                    )
                }
                let ends = answer.chunks.flatMap { $0["choices"]?.arrayValue ?? [] }
                    .count { $0["finish_reason"]?.stringValue != nil }
                guard ends == 1 else {
                    throw answer.failure(
                        "\(ends) chunks with a `finish_reason`",
                        "The last chunk of a choice has one; a stream that was cut ends with fail()."
                    )
                }
                guard answer.result["finish_reason"]?.stringValue != nil else {
                    throw answer.failure(
                        "a result without `finish_reason`",
                        "Finish a stream with {\"id\":…,\"model\":…,\"finish_reason\":…,\"usage\":…}."
                    )
                }
            }
        },
    ]

    private struct ProviderAnswer {
        let operation: String
        let parameters: [UInt8]
        let result: JSON
        let chunks: [JSON]

        func failure(_ found: String, _ fix: String) -> CheckFailure {
            CheckFailure(found, fix: fix, request: FailedRequest(operation: operation, parameters: parameters))
        }
    }

    private static func question(isStreaming: Bool) -> JSON {
        ["model": "any", "messages": [["role": "user", "content": "Hello"]], "stream": .bool(isStreaming)]
    }

    /// Asks once, and has the result looked at; a well-formed refusal is nothing to look at.
    private static func ask(
        _ bench: CheckBench,
        _ operation: String,
        _ parameters: JSON,
        _ look: (ProviderAnswer) throws -> Void
    ) throws -> String? {
        guard bench.manifest.kind == .provider else { return "it is no provider" }
        let bytes = parameters.encoded()
        var reason: String?
        try bench.withTrial { trial in
            let answer = trial.call(operation, bytes, timeout: .seconds(10), streams: parameters["stream"] == true)
            let request = FailedRequest(operation: operation, parameters: bytes)
            switch answer.outcome {
            case .result(let result)?:
                guard let result = try? JSON.parse(result) else {
                    throw CheckFailure("its result is not one JSON value", fix: "Escape strings.", request: request)
                }
                let chunks = answer.events.filter { $0.kind == "delta" }.map { (try? JSON.parse($0.json)) ?? .null }
                try look(ProviderAnswer(operation: operation, parameters: bytes, result: result, chunks: chunks))
            case .failure(let failure)? where !broken.contains(failure.code):
                reason = "it answered with \(failure.code), as one may without a network"
            case .failure(let failure)?:
                throw CheckFailure(failure.message, fix: "End each call once.", request: request)
            case nil: throw CheckFailure("the plugin was gone", fix: "See that it does not end its process.")
            }
        }
        return reason
    }

    private static let broken: Set = [
        "plugin_timeout", "plugin_crashed", "plugin_unavailable", "bad_output", "no_result",
    ]
}
