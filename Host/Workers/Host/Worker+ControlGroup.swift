import Core
import PluginRuntime
import Sandbox

extension Worker {
    /// The control group of a worker, in which whatever it starts can be counted and ended.
    ///
    /// `process` and `sandbox` do without where there is none; `strict` does not.
    static func makeGroup(
        for process: WorkerProcess,
        _ plan: WorkerPlan,
        _ runtime: WorkerRuntime
    ) throws(WorkerStartFailure) -> ControlGroup? {
        do {
            guard let groups = runtime.groups else { return try plan.mode == .strict ? refuseStrict() : nil }
            let limits = ControlGroups.Limits(
                memoryBytes: plan.limits.memoryBytes + ownMemoryBytes,
                threads: plan.limits.threads + ownThreads
            )
            let group = try groups.make(id: process.groupID, limits: limits)
            try group.add(process.id)
            return group
        } catch let refusal as Refusal {
            throw .refused(refusal)
        } catch {
            guard plan.mode == .strict else { return nil }
            throw .refused(.layersMissing([LayerReport(.controlGroup, .failed, "\(error)")]))
        }
    }

    private static func refuseStrict() throws(Refusal) -> ControlGroup? {
        throw .layersMissing([ControlGroups.probe()])
    }

    /// What the host's own code in a worker needs, on top of what the plugin may use.
    private static let ownMemoryBytes = 128 << 20
    /// The limit whose passing is a fault comes first; this one holds whatever happens between two looks.
    private static let ownThreads = 40
}
