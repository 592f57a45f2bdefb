import CLinux
import Foundation
import Glibc

/// A child process with its standard output and errors on one pipe and a report on descriptor 3.
struct ChildProcess: Sendable {
    enum Status: Sendable {
        case exited(Int32), signalled(Int32), timedOut
    }

    /// How the child ended, and what it left.
    struct Ending: Sendable {
        let status: Status
        let output: [UInt8]
        let report: String

        /// The start of the output, safe to print.
        var outputSample: String {
            let text = String(decoding: output.prefix(120), as: UTF8.self)
            return text.unicodeScalars.map { $0.properties.generalCategory == .control ? "·" : String($0) }.joined()
        }
    }

    struct SpawnError: Error, CustomStringConvertible {
        let number: Int32
        var description: String { String(cString: strerror(number)) }
    }

    private static let maxOutputBytes = 64 << 10

    private let process: pid_t
    private let output: Int32
    private let report: Int32

    /// `input` is what the child finds on its standard input: at most what a pipe holds.
    init(executable: String, arguments: [String], input: String) throws {
        var inputPipe: [Int32] = [-1, -1]
        guard prax_pipe_cloexec(&inputPipe) == 0 else { throw SpawnError(number: errno) }
        _ = write(inputPipe[1], input, input.utf8.count)
        close(inputPipe[1])
        defer { close(inputPipe[0]) }
        var outputPipe: [Int32] = [-1, -1]
        var reportPipe: [Int32] = [-1, -1]
        guard prax_pipe_cloexec(&outputPipe) == 0 else { throw SpawnError(number: errno) }
        guard prax_pipe_cloexec(&reportPipe) == 0 else {
            outputPipe.forEach { close($0) }
            throw SpawnError(number: errno)
        }
        defer {
            close(outputPipe[1])
            close(reportPipe[1])
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, inputPipe[0], 0)
        posix_spawn_file_actions_adddup2(&actions, outputPipe[1], 1)
        posix_spawn_file_actions_adddup2(&actions, outputPipe[1], 2)
        posix_spawn_file_actions_adddup2(&actions, reportPipe[1], 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own, so that whatever it starts is ended with it.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        var started = pid_t()
        let argv = ([executable] + arguments).map { strdup($0) } + [nil]
        // No environment but what the loader needs: an unknown library learns nothing from it.
        let kept = ["PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS"].compactMap { name in
            ProcessInfo.processInfo.environment[name].map { "\(name)=\($0)" }
        }
        // Nor is a crash's backtrace wanted among its output.
        let environment = (kept + ["SWIFT_BACKTRACE=enable=no"]).map { strdup($0) } + [nil]
        defer { (argv + environment).forEach { free($0) } }
        let result = posix_spawn(&started, executable, &actions, &attributes, argv, environment)
        guard result == 0 else {
            close(outputPipe[0])
            close(reportPipe[0])
            throw SpawnError(number: result)
        }
        process = started
        output = outputPipe[0]
        report = reportPipe[0]
    }

    /// Reads until the child has ended, or ends it.
    func finish(within seconds: Double) -> Ending {
        defer {
            close(output)
            close(report)
        }
        let deadline = MonotonicClock.deadline(in: .seconds(seconds))
        var collected: [Int32: [UInt8]] = [output: [], report: []]
        var open = Set([output, report])
        while !open.isEmpty {
            let now = MonotonicClock.now()
            guard now < deadline else {
                kill(-process, SIGKILL)
                reap()
                return Ending(status: .timedOut, output: collected[output] ?? [], report: text(collected[report]))
            }
            var polled = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            poll(&polled, nfds_t(polled.count), Int32(clamping: (deadline - now) / 1_000_000 + 1))
            for entry in polled where entry.revents != 0 {
                var buffer = [UInt8](repeating: 0, count: 4096)
                let count = read(entry.fd, &buffer, buffer.count)
                if count <= 0 {
                    open.remove(entry.fd)
                } else if collected[entry.fd, default: []].count < Self.maxOutputBytes {
                    collected[entry.fd, default: []] += buffer[..<count]
                }
            }
        }
        // Both pipes at their end do not mean that it is over: a library may close what it pleases.
        let status = reap(until: deadline)
        kill(-process, SIGKILL)
        return Ending(status: status, output: collected[output] ?? [], report: text(collected[report]))
    }

    private func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }

    private func reap(until deadline: UInt64) -> Status {
        var value: Int32 = 0
        while waitpid(process, &value, WNOHANG) == 0 {
            guard MonotonicClock.now() < deadline else {
                kill(-process, SIGKILL)
                reap()
                return .timedOut
            }
            // Looks again and again: only a signal, which is the whole process', or a thread would tell.
            usleep(2000)
        }
        let signal = value & 0x7F
        return signal == 0 ? .exited(value >> 8 & 0xFF) : .signalled(signal)
    }

    @discardableResult
    private func reap() -> Status {
        var value: Int32 = 0
        while waitpid(process, &value, 0) < 0, errno == EINTR {}
        let signal = value & 0x7F
        return signal == 0 ? .exited(value >> 8 & 0xFF) : .signalled(signal)
    }
}
