import Foundation
package import Glibc
import Synchronization

/// A program that a test has started, with its outputs captured.
///
/// Ended when nobody holds it any more.
///
/// @unchecked Sendable: `status` is touched only under `condition`.
package final class ChildProgram: @unchecked Sendable {
    package struct StartFailure: Error {
        let program: String
        let number: Int32
    }

    package let id: pid_t
    package let output: CapturedOutput
    package let errors: CapturedOutput
    private let condition = NSCondition()
    private var status: Int32?
    /// One start at a time: between pipe() and its closing on exec another child would inherit the ends.
    private static let starting = Mutex(())

    /// Starts `arguments[0]` with exactly this environment; `input` is all of its standard input.
    package init(_ arguments: [String], environment: [String: String], input: String = "") throws {
        let started = try Self.starting.withLock { _ in try Started(arguments, environment) }
        id = started.id
        output = CapturedOutput(started.output)
        errors = CapturedOutput(started.errors)
        Self.feed(input, to: started.input)
        Thread.detachNewThread { [weak self, id] in
            let status = Self.reap(id)
            self?.ended(with: status)
        }
    }

    deinit {
        if isRunning { Glibc.kill(id, SIGKILL) }
    }

    package var isRunning: Bool { condition.withLock { status == nil } }

    package func signal(_ number: Int32) {
        if isRunning { Glibc.kill(id, number) }
    }

    /// Waits for the end; the exit code, 128 + N after signal N, or nil when it did not end in time.
    package func waitForExit(seconds: Double = 30) -> Int32? {
        let deadline = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        defer { condition.unlock() }
        while status == nil {
            if !condition.wait(until: deadline) { break }
        }
        return status
    }

    private func ended(with status: Int32) {
        condition.withLock {
            self.status = status
            condition.broadcast()
        }
    }

    private static func reap(_ id: pid_t) -> Int32 {
        var value: Int32 = 0
        while waitpid(id, &value, 0) < 0, errno == EINTR {}
        let signal = value & 0x7F
        return signal == 0 ? value >> 8 & 0xFF : 128 + signal
    }

    private static func feed(_ text: String, to descriptor: Int32) {
        signalsOff
        Thread.detachNewThread {
            let bytes = Array(text.utf8)
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                guard count > 0 else { break }
                sent += count
            }
            close(descriptor)
        }
    }
}

/// A write to a program that has ended is an error here, not the end of the tests.
private let signalsOff: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

/// A child that has been started, with this side's ends of its three pipes.
private struct Started {
    let id: pid_t
    let input: Int32
    let output: Int32
    let errors: Int32

    init(_ arguments: [String], _ environment: [String: String]) throws {
        let pipes = try [Self.pipe(), Self.pipe(), Self.pipe()]
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let given = [pipes[0][0], pipes[1][1], pipes[2][1]]
        for (number, end) in given.enumerated() { posix_spawn_file_actions_adddup2(&actions, end, Int32(number)) }
        let argv = arguments.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (argv + variables).forEach { free($0) } }
        var started = pid_t()
        let result = posix_spawnp(&started, arguments[0], &actions, nil, argv, variables)
        given.forEach { close($0) }
        (id, input, output, errors) = (started, pipes[0][1], pipes[1][0], pipes[2][0])
        guard result == 0 else {
            [input, output, errors].forEach { close($0) }
            throw ChildProgram.StartFailure(program: arguments[0], number: result)
        }
    }

    private static func pipe() throws -> [Int32] {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
            throw ChildProgram.StartFailure(program: "pipe", number: errno)
        }
        return ends
    }
}

/// What a program writes, read as it comes.
///
/// @unchecked Sendable: the bytes and the end are touched only under `condition`.
package final class CapturedOutput: @unchecked Sendable {
    private let condition = NSCondition()
    private var bytes: [UInt8] = []
    private var hasEnded = false

    init(_ descriptor: Int32) {
        Thread.detachNewThread { [self] in
            var buffer = [UInt8](repeating: 0, count: 16 << 10)
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                condition.withLock {
                    if count > 0 { bytes += buffer[..<count] } else { hasEnded = true }
                    condition.broadcast()
                }
                guard count > 0 else { break }
            }
            close(descriptor)
        }
    }

    package var text: String { condition.withLock { String(decoding: bytes, as: UTF8.self) } }

    /// Waits until the text satisfies `isEnough`, the output ends or the time is up; the text so far.
    package func wait(seconds: Double = 20, until isEnough: (String) -> Bool = { _ in false }) -> String {
        let deadline = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        defer { condition.unlock() }
        while !hasEnded, !isEnough(String(decoding: bytes, as: UTF8.self)) {
            if !condition.wait(until: deadline) { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
