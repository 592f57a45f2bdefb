import CLinux
import Glibc
import Sandbox
import Synchronization

/// Starts the worker, listens to its denials, and says how it ended.
enum HostRole {
    static func run(_ request: Request, _ words: [String]) -> Int32 {
        var ends: [Int32] = [-1, -1]
        guard prax_socket_pair(&ends) == 0 else { return 2 }
        let group = controlGroup(request)
        guard let worker = spawn(words, ends[1]) else { return 2 }
        close(ends[1])
        say("worker \(worker)")
        if let group {
            do throws(ControlGroupError) { try group.add(worker) } catch { say("cgroup \(error)") }
        }
        // The worker waits for this, so that it is in its group before it does anything.
        var go: UInt8 = 1
        _ = write(ends[0], &go, 1)
        listen(request, ends[0], worker)
        if let group {
            say("memory kills \(group.memoryKills)")
            say("removed \(group.remove())")
        }
        return 0
    }

    private static func controlGroup(_ request: Request) -> ControlGroup? {
        guard let memory = request.number("group_mb") else { return nil }
        do throws(ControlGroupError) {
            let limits = ControlGroups.Limits(memoryBytes: memory << 20, threads: request.number("group_threads") ?? 64)
            return try ControlGroups.prepare().make(id: "test", limits: limits)
        } catch {
            say("cgroup \(error)")
            return nil
        }
    }

    private static func spawn(_ words: [String], _ end: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, end, 3)
        // What starts the tests may ignore or block some signals.
        var attributes = posix_spawnattr_t()
        var all = sigset_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        let arguments = (["/proc/self/exe", "worker"] + words).map { strdup($0) } + [nil]
        let environment = [strdup("TZ=Europe/Berlin"), strdup("SWIFT_BACKTRACE=enable=no"), nil]
        var worker = pid_t()
        let result = posix_spawn(&worker, "/proc/self/exe", &actions, &attributes, arguments, environment)
        return result == 0 ? worker : nil
    }

    private static func listen(_ request: Request, _ socket: Int32, _ worker: pid_t) {
        var byte: UInt8 = 0
        var descriptor: Int32 = -1
        var ended: [Int32] = [-1, -1]
        _ = prax_receive(socket, &byte, 1, &descriptor, 1)
        pipe(&ended)
        let end = ended[1]
        let own = OwnListener()
        if descriptor >= 0 {
            var limits = DenialListener.Limits()
            if let calls = request.number("calls_per_second") { limits.callsPerSecond = calls }
            let listener = try? DenialListener(
                descriptor: descriptor,
                worker: worker,
                profile: request.profile(host: getpid()),
                limits: limits,
                kernel: request.kernel,
                report: { denial in
                    report(denial)
                    if request.number("stop") == 1 { own.stop() }
                },
                ended: { close(end) }
            )
            own.set(listener)
        } else {
            close(end)
        }
        var status: Int32 = 0
        waitpid(worker, &status, 0)
        // The end of the pipe is the end of the listener, which comes of itself once the worker is gone.
        _ = read(ended[0], &byte, 1)
        say(status & 0x7F == 0 ? "exit \(status >> 8 & 0xFF)" : "signal \(status & 0x7F)")
    }

    private static func report(_ denial: Denial) {
        say("denial \(denial.what.rawValue) \(denial.call) \(denial.errno) +\(denial.droppedBefore) [\(denial.target)]")
    }
}

/// The listener, for its own reports to stop it.
///
/// It may report before it is known here; then it is stopped as soon as it is.
private final class OwnListener: Sendable {
    private struct State {
        var listener: DenialListener?
        var isToStop = false
    }

    private let state = Mutex(State())

    func set(_ listener: DenialListener?) {
        let isToStop = state.withLock { state in
            state.listener = listener
            return state.isToStop
        }
        if isToStop { listener?.stop() }
    }

    func stop() {
        let listener = state.withLock { state in
            state.isToStop = true
            return state.listener
        }
        listener?.stop()
    }
}
