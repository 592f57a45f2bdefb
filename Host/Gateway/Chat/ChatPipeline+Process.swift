import Core
import PluginRuntime
import PraximousJSON

extension ChatPipeline {
    /// Whether a task type is a route, an entry or a model.
    package func serves(_ taskType: String) -> Bool {
        !taskType.isEmpty && (try? providers.snapshot.resolution.resolve(taskType)) != nil
    }

    /// Serves a task of `/api/v1/process` that is no skill; exactly one audit event, as for every request.
    ///
    /// The result is `{"provider":…,"text":…,"message":…}`: the first two as the original had them, the last what
    /// OpenAI calls the choice's message.
    func process(
        _ origin: RequestOrigin,
        principal: Principal,
        request: SkillRequest,
        requestBytes: Int
    ) async throws(Failure) -> SkillAnswer {
        let asked = Result { () throws(Failure) in try ChatRequest(task: request, isStreaming: false) }
        do throws(Failure) {
            let answer = try await chat(
                origin,
                principal: .success(principal),
                request: asked,
                requestBytes: requestBytes
            )
            return SkillAnswer(
                result: Self.result(of: answer),
                provider: answer.provider,
                latencyMicroseconds: answer.latencyMicroseconds,
                message: "Request routed via \(answer.provider)",
                usage: answer.usage,
                rateLimit: answer.rateLimit
            )
        } catch {
            throw error.isExhaustion ? .allUnavailable(error) : error
        }
    }

    private static func result(of answer: ChatAnswer) -> [UInt8] {
        let message = (try? JSON.parse(answer.completion))?["choices"]?.arrayValue?.first?["message"] ?? .null
        let result: JSON = [
            "provider": .string(answer.provider), "text": .string(message["content"]?.stringValue ?? ""),
            "message": message,
        ]
        return result.encoded()
    }
}

extension Failure {
    /// Whether it says that nobody could answer, rather than that the request was wrong.
    fileprivate var isExhaustion: Bool {
        switch UpstreamFault(self) {
        case .passing, .limited, .overloaded, .late: code != "audit_unavailable"
        case .unable: code.hasPrefix("upstream_") || self == .pluginGone
        case .refused, .wrong, .cancelled: false
        }
    }

    /// In the words of the original.
    fileprivate static func allUnavailable(_ last: Failure) -> Failure {
        Failure(
            .unavailable,
            code: "providers_unavailable",
            message: "All LLM providers are currently unavailable.",
            hint: "The last one: \(last.message)",
            details: ["cause": .string(last.code)],
            retryAfterMilliseconds: last.retryAfterMilliseconds
        )
    }
}
