import CLinux
import Glibc

/// A worker's process, by a descriptor that can never mean another one (pidfd_open(2)).
///
/// @unchecked Sendable: the descriptors never change, and the calls on them are the kernel's to order.
final class WorkerProcess: @unchecked Sendable {
    struct SpawnError: Error, CustomStringConvertible {
        let step: String
        let number: Int32
        var description: String { "\(step): \(String(cString: strerror(number)))" }
    }

    let id: pid_t
    /// The host's end of the conversation.
    let socket: Int32
    /// What the worker writes to its standard output and errors.
    let output: Int32
    /// The pidfd.
    let descriptor: Int32

    /// Starts `executable worker`; only on the clock's thread.
    init(executable: String) throws(SpawnError) {
        var ends: [Int32] = [-1, -1]
        guard prax_socket_pair(&ends) == 0 else { throw SpawnError(step: "socketpair", number: errno) }
        var pipe: [Int32] = [-1, -1]
        guard prax_pipe_cloexec(&pipe) == 0 else {
            let number = errno
            ends.forEach { close($0) }
            throw SpawnError(step: "pipe", number: number)
        }
        defer {
            close(ends[1])
            close(pipe[1])
        }
        var started = pid_t()
        let result = Self.spawn(executable, socket: ends[1], output: pipe[1], &started)
        let process = result == 0 ? prax_process_open(started) : -1
        guard process >= 0 else {
            let number = result == 0 ? errno : result
            if result == 0 {
                Glibc.kill(started, SIGKILL)
                waitpid(started, nil, 0)
            }
            close(ends[0])
            close(pipe[0])
            throw SpawnError(step: result == 0 ? "pidfd_open" : executable, number: number)
        }
        (id, socket, output, descriptor) = (started, ends[0], pipe[0], process)
    }

    private static func spawn(_ executable: String, socket: Int32, output: Int32, _ started: inout pid_t) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        posix_spawn_file_actions_adddup2(&actions, socket, Wire.workerDescriptor)
        // Whatever of the host's descriptors were not closed on exec is closed here.
        prax_spawn_close_from(&actions, Wire.workerDescriptor + 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own, so that whatever it starts is ended with it; no signal of the host's blocked or ignored.
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
        )
        let arguments = ([executable, "worker"] as [String]).map { strdup($0) } + [nil]
        let environment = variables().map { strdup($0) } + [nil]
        defer { (arguments + environment).forEach { free($0) } }
        return posix_spawn(&started, executable, &actions, &attributes, arguments, environment)
    }

    /// What the loader and the runtime need; nothing else of the host's environment, where its keys may stand.
    private static func variables() -> [String] {
        let names: [String] = ["PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "TZ"]
        let kept: [String] = names.compactMap { name in
            getenv(name).map { "\(name)=\(String(cString: $0))" }
        }
        // A backtrace would be printed by another process, which the sandbox forbids to start.
        return kept + ["SWIFT_BACKTRACE=enable=no", "MALLOC_ARENA_MAX=2", "LC_ALL=C.UTF-8"]
    }

    /// Ends the process and everything in its group; the kernel asks nobody.
    func kill() {
        // Only while the process is there, or its number might be another group's; what remains is ended by wait().
        if prax_process_signal(descriptor, SIGKILL) == 0 { Glibc.kill(-id, SIGKILL) }
    }

    /// Ends the conversation from this side; what has arrived can still be read.
    func hangUp() { shutdown(socket, Int32(SHUT_RDWR)) }

    /// Waits for the end, at most so long, and reaps; nil when it is still there.
    func wait(milliseconds: Int32) -> ProcessEnding? {
        var code: Int32 = 0
        var signal: Int32 = 0
        switch prax_process_wait(descriptor, id, milliseconds, &code, &signal) {
        case 1: return signal == 0 ? .exited(code) : .signalled(signal)
        case 0: return nil
        default: return .signalled(SIGKILL)
        }
    }

    /// What its control group is called.
    var groupID: String { "\(id)" }

    /// Ends a process that nobody has begun to listen to.
    func discard() {
        kill()
        _ = wait(milliseconds: 1000)
        close(output)
    }

    // Not before: a thread that still writes would find another file under the number.
    deinit {
        close(socket)
        close(descriptor)
    }
}
