package import Audit
package import Core
package import PluginRuntime
import PraximousJSON

/// The one way a request takes: authorise, choose, admit, validate, call, record.
///
/// It knows no HTTP and no SQL.
package struct RequestPipeline: Sendable {
    private let skills: SkillTable
    let audit: AuditLog
    /// The limit of an operation whose manifest names none.
    let defaultTimeout: Duration
    private let streams: StreamLimits
    private let refresh: @Sendable () async -> Bool
    private let admission: SkillAdmission
    /// Serves task types that are no skills.
    private let chat: ChatPipeline?

    /// `admission` is asked for clients' calls of skills; what plugins ask of one another belongs to the call that waits.
    ///
    /// `chat` serves the task types that are routes, entries or models; a skill of that name comes first.
    ///
    /// `refresh` is asked when a task type is unknown: whether the skills have changed meanwhile.
    package init(
        skills: SkillTable,
        audit: AuditLog,
        defaultTimeout: Duration,
        streams: StreamLimits = StreamLimits(),
        admission: SkillAdmission = .open,
        chat: ChatPipeline? = nil,
        refresh: @escaping @Sendable () async -> Bool
    ) {
        self.skills = skills
        self.audit = audit
        self.defaultTimeout = defaultTimeout
        self.streams = streams
        self.admission = admission
        self.chat = chat
        self.refresh = refresh
    }

    /// Serves one request.
    ///
    /// `request` is what the layer above made of it: who asks, and what for, or why not.
    ///
    /// Exactly one audit event is recorded, whatever happens, before this returns or throws; when it cannot be
    /// recorded the request fails with `audit_unavailable`, also when the skill had answered.
    ///
    /// `events` gets what the skill streams, if anybody reads it; it is closed when the call has ended. `admitted` hears
    /// what is left of the caller's limits before a skill is called.
    package func process(
        _ origin: RequestOrigin,
        principal: Result<Principal, Failure>,
        request: Result<SkillRequest, Failure>,
        requestBytes: Int,
        events: EventQueue? = nil,
        admitted: (RateLimitState?) -> Void = { _ in }
    ) async throws(Failure) -> SkillAnswer {
        if let chat, case .success(let asked) = request, case .success(let principal) = principal,
            skills[asked.taskType] == nil, chat.serves(asked.taskType)
        {
            return try await chat.process(origin, principal: principal, request: asked, requestBytes: requestBytes)
        }
        let outcome = await serve(origin, principal: principal, request: request, events, admitted)
        var event = AuditEvent(
            requestID: origin.requestID,
            time: origin.receivedAt,
            kind: .process,
            status: .success,
            requestBytes: Int64(requestBytes),
            clientAddress: origin.clientAddress
        )
        if case .success(let principal) = principal {
            event.keyID = principal.keyID
            event.principalName = principal.name
        } else {
            event.kind = .authentication
        }
        event.taskType = outcome.taskType
        event.operation = outcome.operation
        event.provider = outcome.provider
        event.latencyMicroseconds = Int64(clamping: (MonotonicClock.now() &- origin.startedAt) / 1000)
        let result = outcome.result.mapError { $0.because(events?.loss) }
        event.settle(result)
        try await record(event)
        return SkillAnswer(
            result: try result.get(),
            provider: outcome.provider ?? "",
            latencyMicroseconds: event.latencyMicroseconds,
            rateLimit: outcome.rateLimit
        )
    }

    func record(_ event: AuditEvent) async throws(Failure) {
        do {
            try await audit.record(event)
        } catch {
            throw error.failure
        }
    }

    /// How far a request came, for its audit event.
    private struct Outcome {
        var taskType: String?
        var operation: String?
        var provider: String?
        var rateLimit: RateLimitState?
        var result: Result<[UInt8], Failure>
    }

    private func serve(
        _ origin: RequestOrigin,
        principal: Result<Principal, Failure>,
        request: Result<SkillRequest, Failure>,
        _ events: EventQueue?,
        _ admitted: (RateLimitState?) -> Void
    ) async -> Outcome {
        var outcome = Outcome(result: .failure(.skillNotFound("")))
        do throws(Failure) {
            let principal = try principal.get()
            let request = try request.get()
            outcome.taskType = String(request.taskType.prefix(128))
            guard principal.mayInvoke(skill: request.taskType) else { throw .notAllowed(request.taskType) }
            let skill = try await find(request.taskType)
            let operation = try select(request, of: skill)
            outcome.operation = operation.name
            outcome.provider = "skill:" + skill.taskType
            let place = try await admission.admit(principal)
            defer { place.leave() }
            outcome.rateLimit = place.rateLimit
            admitted(place.rateLimit)
            try check(request.parameters, operation, skill)
            var context = CallContext(requestID: origin.requestID, keyID: principal.keyID)
            context.principal = principal
            context.clientTrace = origin.trace
            let timeout = operation.timeout ?? defaultTimeout
            switch await call(skill, operation, request.parameters.encoded(), context, timeout, events) {
            case .result(let bytes): outcome.result = .success(bytes)
            case .failure(let failure): throw failure
            }
        } catch {
            outcome.result = .failure(error)
        }
        return outcome
    }

    /// A trusted operation that declares itself quick runs here and now when the request is small: handing it to
    /// another thread and back costs more than the work.
    ///
    /// Everything else gets a thread of its own.
    func call(
        _ skill: LoadedSkill,
        _ operation: Manifest.Operation,
        _ parameters: [UInt8],
        _ context: CallContext,
        _ timeout: Duration,
        _ events: EventQueue?
    ) async -> CallOutcome {
        let isQuick = operation.isQuick && skill.origin == .bundled && parameters.count <= Self.maxQuickBytes
        if isQuick, events == nil, let caller = skill.runner.inlineCaller() {
            caller.context = context
            return caller.checkedCall(operation: operation.name, parameters: parameters, timeout: timeout)
        }
        let call = SkillCall(
            operation: operation.name,
            parameters: parameters,
            context: context,
            timeout: timeout,
            events: events
        )
        guard let events else { return await run(call, of: skill) }
        return await streams.watching(events) { await run(call, of: skill) }
    }

    private func run(_ call: SkillCall, of skill: LoadedSkill) async -> CallOutcome {
        var current = skill
        for _ in 0..<Self.maxSwitches {
            if let outcome = await current.runner.call(call) { return outcome }
            // A new version has taken its place between the look and the call.
            guard let next = skills[skill.taskType], next.manifest.name == skill.manifest.name else { break }
            if let failure = refusal(of: call, by: next, after: current) { return .failure(failure) }
            current = next
        }
        return .failure(.pluginGone)
    }

    /// Why a version may not see what was checked for the one before it; nil when it may.
    private func refusal(of call: SkillCall, by next: LoadedSkill, after current: LoadedSkill) -> Failure? {
        guard next.manifest != current.manifest else { return nil }
        guard let operation = next.manifest.operations.first(where: { $0.name == call.operation }),
            let parameters = try? JSON.parse(call.parameters)
        else { return .pluginGone }
        do throws(Failure) {
            try check(parameters, operation, next)
            return nil
        } catch {
            return error
        }
    }

    /// How many upgrades a call may meet before it begins.
    private static let maxSwitches = 8

    private static let maxQuickBytes = 4096

    func find(_ taskType: String) async throws(Failure) -> LoadedSkill {
        if let skill = skills[taskType] { return skill }
        if await refresh(), let skill = skills[taskType] { return skill }
        throw .skillNotFound(taskType)
    }

    func select(_ request: SkillRequest, of skill: LoadedSkill) throws(Failure) -> Manifest.Operation {
        if let word = request.parameters["operation"], word.stringValue == nil,
            skill.manifest.defaultOperation?.parametersSchema["properties"]?["operation"] == nil
        {
            throw Failure(
                .unprocessable,
                code: "invalid_parameters",
                message: "operation: Input should be a valid string",
                details: [
                    "fields": [
                        ["type": "string_type", "loc": ["body", "operation"], "msg": "Input should be a valid string"]
                    ]
                ]
            )
        }
        switch skill.manifest.operation(requested: request.operation) {
        case .operation(let operation): return operation
        case .unsupported(let message):
            let names = skill.manifest.operations.map(\.name).joined(separator: ", ")
            throw Failure(
                .invalid,
                code: "unsupported_operation",
                message: message,
                hint: "\(skill.taskType) offers: \(names)."
            )
        }
    }

    func check(
        _ parameters: JSON,
        _ operation: Manifest.Operation,
        _ skill: LoadedSkill
    ) throws(Failure) {
        let violations = skill.violations(of: parameters, in: operation)
        guard let first = violations.first else { return }
        let fields = violations.map(\.field)
        if let text = violations.lazy.compactMap(\.override).first {
            throw Failure(.invalid, code: "invalid_parameters", message: text, details: ["fields": .array(fields)])
        }
        throw Failure(
            .unprocessable,
            code: "invalid_parameters",
            message: first.sentence,
            hint: "GET /api/v1/skills/\(skill.taskType)/capabilities shows what \(operation.name) takes.",
            details: ["fields": .array(fields)]
        )
    }
}

extension SchemaViolation {
    /// The violation in the form the original API had: type, loc, msg.
    fileprivate var field: JSON {
        ["type": .string(type), "loc": .array([.string("body")] + path.map(\.json)), "msg": .string(message)]
    }
}

extension Failure {
    fileprivate static func skillNotFound(_ taskType: String) -> Failure {
        Failure(
            .notFound,
            code: "unknown_task_type",
            message: "Skill or LLM route '\(taskType.prefix(128))' not found.",
            hint: "GET /api/v1/skills lists what this host serves."
        )
    }

    static func notAllowed(_ taskType: String) -> Failure {
        Failure(
            .denied,
            code: "missing_scope",
            message: "This API key may not call '\(taskType.prefix(128))'.",
            hint: "It needs the scope \(Scope.invoke(skill: String(taskType.prefix(64))))."
        )
    }
}
