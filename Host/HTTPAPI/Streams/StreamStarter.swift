import Core
import Gateway
import PluginRuntime

/// Starts what a client asks for as a stream: a skill's call, or a model's answer.
struct StreamStarter: Sendable {
    let skills: SkillTable
    let pipeline: RequestPipeline
    /// Nil where there are no providers.
    let chat: ChatPipeline?
    let tasks: CallTasks

    func start(
        _ request: Result<SkillRequest, Failure>,
        _ wishes: StreamWishes,
        _ origin: RequestOrigin,
        principal: Result<Principal, Failure>,
        requestBytes: Int
    ) -> StreamSource {
        if let chat, case .success(let task) = request, case .success = principal, skills[task.taskType] == nil,
            chat.serves(task.taskType)
        {
            let stream = ChatStream(
                origin,
                principal: principal,
                request: Self.chatRequest(task, wishes),
                requestBytes: requestBytes,
                pipeline: chat,
                owner: tasks
            )
            return StreamSource(stream, requestID: origin.requestID)
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

    /// Whether a request is a skill's that declares itself quick, or none at all.
    func isQuick(_ request: Result<SkillRequest, Failure>) -> Bool {
        guard case .success(let task) = request else { return true }
        return skills[task.taskType].map { $0.manifest.operations.allSatisfy(\.isQuick) } ?? false
    }

    /// A client of these streams drops what it has shown when the answer starts anew.
    static func chatRequest(_ task: SkillRequest, _ wishes: StreamWishes) -> Result<ChatRequest, Failure> {
        Result { () throws(Failure) in
            var request = try ChatRequest(task: task, isStreaming: true)
            request.allowsReset = true
            request.provider = wishes.provider ?? request.provider
            request.idempotencyKey = wishes.idempotencyKey
            request.deadline = wishes.deadline ?? request.deadline
            return request
        }
    }
}
