import Core
import Gateway
import PluginRuntime
import PraximousJSON

/// Starts what a client asks for as a stream: a skill's call, or a model's answer.
struct StreamStarter: Sendable {
    let skills: SkillTable
    let pipeline: RequestPipeline
    /// Nil where there are no providers.
    let chat: ChatPipeline?
    let tasks: CallTasks

    /// What only a model's answer takes of a request.
    struct Wishes: Sendable, Equatable {
        var provider: String?
        var idempotencyKey: String?
        var deadline: Duration?
    }

    func start(
        _ request: Result<SkillRequest, Failure>,
        _ wishes: Wishes,
        _ origin: RequestOrigin,
        principal: Result<Principal, Failure>,
        requestBytes: Int
    ) -> StreamSource {
        if let chat, case .success(let known) = request, skills[known.taskType] == nil {
            let asked = ChatRequest(known, wishes)
            // Who is not let in hears no more of a model than of a skill.
            if chat.serves(asked.model) {
                let stream = ChatStream(
                    origin,
                    principal: principal,
                    request: .success(asked),
                    requestBytes: requestBytes,
                    pipeline: chat,
                    owner: tasks
                )
                return StreamSource(stream, requestID: origin.requestID)
            }
        }
        let stream = SkillStream(
            origin,
            principal: principal,
            request: request,
            requestBytes: requestBytes,
            pipeline: pipeline,
            owner: tasks
        )
        return StreamSource(stream, requestID: origin.requestID)
    }
}

extension ChatRequest {
    /// The request for a model that `/api/v1/process` takes.
    ///
    /// `task_type` is a route, an entry or a model, unless `model` says so; `prompt` is the user's message, unless
    /// `messages` has them all. The other members go to the provider.
    init(_ request: SkillRequest, _ wishes: StreamStarter.Wishes) {
        var body = request.parameters.objectValue ?? [:]
        if body["messages"] == nil {
            body["messages"] = [["role": "user", "content": body["prompt"] ?? ""]]
        }
        let model = body["model"]?.stringValue ?? request.taskType
        for name in ["prompt", "operation", "model", "provider"] { body[name] = nil }
        self.init(
            model: model,
            isStreaming: true,
            body: body,
            dialect: .praximous,
            idempotencyKey: wishes.idempotencyKey,
            deadline: wishes.deadline,
            allowsReset: true,
            taskType: request.taskType,
            provider: wishes.provider ?? request.parameters["provider"]?.stringValue
        )
    }
}
