import Audit
import Core
import PluginRuntime
import PraximousJSON

extension RequestPipeline {
    /// Serves what a plugin asks of another skill on behalf of the call it serves; a request of its own in the audit.
    func processChild(
        of parent: ServedCall,
        principal: Principal,
        skill taskType: String,
        plugin: PluginName,
        operation: String,
        parameters: [UInt8],
        ancestors: [String],
        events: EventQueue?
    ) async -> CallOutcome {
        let start = (clock: MonotonicClock.now(), wall: WallClock.system.now())
        let outcome = await serveChild(parent, principal, taskType, plugin, operation, parameters, ancestors, events)
        var event = AuditEvent(
            requestID: RequestID.make(),
            time: start.wall,
            kind: .process,
            status: .success,
            keyID: principal.keyID,
            principalName: principal.name,
            taskType: taskType,
            operation: operation,
            provider: "skill:" + taskType,
            latencyMicroseconds: Int64(clamping: (MonotonicClock.now() &- start.clock) / 1000),
            requestBytes: Int64(parameters.count)
        )
        event.settle(outcome)
        do throws(Failure) {
            try await record(event)
            return outcome
        } catch {
            return .failure(error)
        }
    }

    private func serveChild(
        _ parent: ServedCall,
        _ principal: Principal,
        _ taskType: String,
        _ plugin: PluginName,
        _ operation: String,
        _ parameters: [UInt8],
        _ ancestors: [String],
        _ events: EventQueue?
    ) async -> CallOutcome {
        do throws(Failure) {
            guard principal.mayInvoke(skill: taskType) else { throw .notAllowed(taskType) }
            guard let value = try? JSON.parse(parameters), case .object = value else { throw .notAnObject }
            let skill = try await find(taskType)
            // The permission was judged for this plugin; another one may serve the task type by now.
            guard skill.manifest.name == plugin else { throw .pluginGone }
            let request = SkillRequest(taskType: taskType, operation: operation, parameters: value)
            let selected = try select(request, of: skill)
            try check(value, selected, skill)
            var context = CallContext(requestID: parent.context.requestID, keyID: principal.keyID)
            context.principal = principal
            context.ancestors = ancestors
            context.clientTrace = parent.context.trace ?? parent.context.clientTrace
            let timeout = min(MonotonicClock.left(until: parent.deadline), selected.timeout ?? defaultTimeout)
            return await call(skill, selected, value.encoded(), context, timeout, events)
        } catch {
            return .failure(error)
        }
    }
}

extension Failure {
    fileprivate static let notAnObject = Failure(
        .unprocessable,
        code: "invalid_request",
        message: "The parameters of a skill are a JSON object."
    )
}
