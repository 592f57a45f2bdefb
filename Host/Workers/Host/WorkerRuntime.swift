import CLinux
import Glibc
import PluginRuntime
import Sandbox
import Synchronization

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
    /// A process that was started ahead and waits for its plugin.
    private let spare = Mutex<Spare?>(nil)

    private struct Spare {
        let process: WorkerProcess
        let group: ControlGroup?

        func discard() {
            process.discard()
            group?.remove()
        }
    }
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

    deinit { spare.withLock { $0 }?.discard() }

    /// Starts the process of the next worker already, which then has less to wait for.
    ///
    /// It knows of no plugin yet. Blocks while it is being started; a failure is left for ``Worker/start(_:in:listener:)``.
    ///
    /// Returns its number.
    @discardableResult
    package func startAhead() -> Int32? {
        guard case .success(let process) = newProcess() else { return nil }
        // The first move of a process into another group for some time takes the kernel 10 ms. Its limits come with
        // its plugin.
        let group = try? groups?.make(id: process.groupID, limits: nil)
        try? group?.add(process.id)
        spare.withLock { $0 = Spare(process: process, group: group) }
        return process.id
    }

    /// A process without a plugin.
    func takeProcess() -> Result<WorkerProcess, WorkerProcess.SpawnError> {
        let ready = spare.withLock { spare in
            defer { spare = nil }
            return spare
        }
        guard let ready else { return newProcess() }
        // It may have been ended by somebody while it waited.
        guard ready.process.wait(milliseconds: 0) == nil else {
            close(ready.process.output)
            ready.group?.remove()
            return newProcess()
        }
        return .success(ready.process)
    }

    private func newProcess() -> Result<WorkerProcess, WorkerProcess.SpawnError> {
        let executable = executable
        typealias Made = Result<WorkerProcess, WorkerProcess.SpawnError>
        return clock.run(Made.failure(.init(step: "clock", number: ECANCELED))) {
            Made { () throws(WorkerProcess.SpawnError) in try WorkerProcess(executable: executable) }
        }
    }
}
