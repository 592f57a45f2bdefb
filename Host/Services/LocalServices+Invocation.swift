import Core
package import PluginRuntime
import PraximousJSON

extension LocalServices {
    /// Starts a child request of a skill or a model.
    ///
    /// A chain of calls that grows too long is no error of the start: its end says `too_deep`, before this returns.
    package func startInvocation(
        _ invocation: Invocation,
        events: any InvocationEvents
    ) throws(ServiceError) -> any RunningInvocation {
        guard grants.allowsInvoke else { throw denied("invoke " + invocation.target.quotedForMessage()) }
        guard let invoker else { throw .unsupported }
        guard let target = InvocationTarget(invocation.target) else { throw .invalid }
        let start = try judge(target, by: invoker)
        guard !invocation.parent.isOver() else { throw .cancelled }
        guard invocation.request.count <= limits.maxRequestBytes else { throw .tooLarge }
        guard (try? invocation.request.withUnsafeBufferPointer { try JSON.validate($0) }) != nil else { throw .invalid }
        let ancestors = invocation.parent.context.ancestors + [plugin.description]
        guard ancestors.count <= limits.maxInvocationDepth else {
            events.end(.failure(.tooDeep(ancestors, limit: limits.maxInvocationDepth)))
            return EndedInvocation()
        }
        return try start(invocation, ancestors, events)
    }

    private typealias Start =
        (Invocation, _ ancestors: [String], any InvocationEvents) throws(ServiceError) -> any RunningInvocation

    /// What is not allowed is `.denied` whether or not it exists: the answer tells nothing about what is installed.
    private func judge(_ target: InvocationTarget, by invoker: SkillInvoker) throws(ServiceError) -> Start {
        switch target {
        case .model(let capability, let name):
            guard grants.allowsModels(for: capability) else { throw denied("invoke.models " + capability) }
            guard let startModel = invoker.startModel,
                let capability = ModelInvocation.Capability(rawValue: capability)
            else { throw .unsupported }
            let maxTokens = grants.maxTokens(for: capability.rawValue)
            return { invocation, _, events throws(ServiceError) in
                let child = ModelInvocation(
                    parent: invocation.parent,
                    capability: capability,
                    model: name,
                    request: invocation.request,
                    maxTokens: maxTokens,
                    wantsEvents: invocation.wantsEvents
                )
                return try startModel(child, events)
            }
        case .skill(let name, let operation):
            let skill = invoker.plugin(name)
            guard let skill, grants.allowsSkill(skill) else {
                if skill == nil, grants.allowsEverySkill { throw .notFound }
                throw denied("invoke.skills " + name.quotedForMessage())
            }
            return { invocation, ancestors, events throws(ServiceError) in
                let child = SkillInvocation(
                    parent: invocation.parent,
                    plugin: skill,
                    operation: operation,
                    request: invocation.request,
                    wantsEvents: invocation.wantsEvents,
                    ancestors: ancestors
                )
                return try invoker.start(child, events)
            }
        }
    }
}
