import CLinux
import PluginRuntime
import Sandbox

/// What all workers of one host share: the thread that starts them and keeps their limits, those that wait for slow
/// sockets and for ends, and those that serve their requests.
package final class WorkerRuntime: Sendable {
    /// The executable that understands `worker`, that is this host.
    let executable: String
    package let settings: WorkerSettings
    let clock = WorkerClock()
    let writable = DescriptorWatch.writable()
    let deaths = DescriptorWatch.deaths()
    let services: CallThreads
    /// nil where this host may not make control groups.
    let groups: ControlGroups?

    /// At most so many requests for services that may block, such as the key-value store, are served at once.
    private static let maxServiceThreads = 16

    package init(executable: String, settings: WorkerSettings = WorkerSettings()) {
        self.executable = executable
        self.settings = settings
        // Parameters and results come and go with every call.
        prax_malloc_keep(1 << 20)
        var limits = CallThreads.Limits()
        // All of them at once: each may be held by a disk, and nobody adds threads to this pool later.
        limits.minimum = Self.maxServiceThreads
        limits.maximum = Self.maxServiceThreads
        services = CallThreads(limits: limits)
        groups = try? ControlGroups.prepare()
    }
}
