package import Core
package import PluginRuntime
import PraximousJSON

/// Child requests: what a plugin asks of another skill or of a model on behalf of the call it serves.
package struct SkillInvocations: Sendable {
    private let skills: SkillTable
    private let pipeline: RequestPipeline
    private let tasks: CallTasks
    private let chat: ChatPipeline?

    /// Without `chat` there are no models to ask.
    package init(skills: SkillTable, pipeline: RequestPipeline, tasks: CallTasks, chat: ChatPipeline? = nil) {
        self.skills = skills
        self.pipeline = pipeline
        self.chat = chat
        self.tasks = tasks
    }

    /// The plugin that serves a task type or has this full name.
    package func plugin(named name: String) -> PluginName? {
        skills[name]?.manifest.name ?? skills.all.first { $0.manifest.name.description == name }?.manifest.name
    }

    /// Starts a child request; it ends with its parent at the latest.
    package func start(
        _ invocation: SkillInvocation,
        _ events: any InvocationEvents
    ) throws(ServiceError) -> any RunningInvocation {
        guard let skill = skills.all.first(where: { $0.manifest.name == invocation.plugin }) else { throw .notFound }
        // A skill that takes one call at a time and waits for itself would wait until its deadline.
        if invocation.ancestors.contains(invocation.plugin.description), !skill.runner.isConcurrent { throw .busy }
        guard let principal = invocation.parent.context.principal else { throw .denied }
        let child = ChildRequest(
            skill: skill.taskType,
            invocation: invocation,
            principal: principal,
            pipeline: pipeline,
            events: events
        )
        guard tasks.start({ await child.run() }, until: child.stop) else { throw .unavailable }
        return child
    }

    /// Starts a child request of a model; it ends with its parent at the latest.
    package func start(
        _ invocation: ModelInvocation,
        _ events: any InvocationEvents
    ) throws(ServiceError) -> any RunningInvocation {
        guard let chat else { throw .unsupported }
        guard let principal = invocation.parent.context.principal else { throw .denied }
        let child = ModelRequest(invocation: invocation, principal: principal, pipeline: chat, events: events)
        guard tasks.start({ await child.run() }, until: child.stop) else { throw .unavailable }
        return child
    }
}

/// One child request under way.
private final class ChildRequest: RunningInvocation {
    /// How far a child's events may be ahead of the plugin that reads them.
    private static let maxAheadBytes = 64 << 10

    let stop = StopSignal()
    private let skill: String
    private let invocation: SkillInvocation
    private let principal: Principal
    private let pipeline: RequestPipeline
    private let events: any InvocationEvents
    private let lead = Lead(maxBytes: maxAheadBytes)

    init(
        skill: String,
        invocation: SkillInvocation,
        principal: Principal,
        pipeline: RequestPipeline,
        events: any InvocationEvents
    ) {
        self.skill = skill
        self.invocation = invocation
        self.principal = principal
        self.pipeline = pipeline
        self.events = events
    }

    func cancel() { stop.stop() }
    func consumed(_ bytes: Int) { lead.shrink(by: bytes) }

    func run() async {
        let queue = invocation.wantsEvents ? EventQueue() : nil
        let outcome = await withTaskGroup(of: Void.self) { group in
            if let queue { group.addTask { [self] in await forward(queue) } }
            let outcome = await pipeline.processChild(
                of: invocation.parent,
                principal: principal,
                skill: skill,
                plugin: invocation.plugin,
                operation: invocation.operation,
                parameters: invocation.request,
                ancestors: invocation.ancestors,
                events: queue
            )
            queue?.close()
            lead.end()
            await group.waitForAll()
            return outcome
        }
        events.end(outcome)
    }

    private func forward(_ queue: EventQueue) async {
        while let event = await queue.next() {
            events.event(event)
            await lead.grow(by: event.json.count)
        }
    }
}
