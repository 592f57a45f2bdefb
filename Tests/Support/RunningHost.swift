import Foundation
package import Glibc
import Synchronization

/// The real `prax-host serve` on a free port with an installation of its own.
///
/// Everything it started and wrote is gone when the test is over, whatever happened.
package final class RunningHost: Sendable {
    package struct DidNotStart: Error, CustomStringConvertible {
        let output: String
        let errors: String
        package var description: String { "prax-host did not start\n\(output)\n\(errors)" }
    }

    /// What a command of the host left.
    package struct CommandResult: Sendable {
        package let output: String
        package let errors: String
        /// nil when it did not end in time.
        package let exitCode: Int32?

        package var lastLine: String { output.split(separator: "\n").last.map(String.init) ?? "" }
    }

    private struct State {
        var program: ChildProgram?
        var port = 0
        var key = ""
    }

    /// In the installation's folder.
    package static let diskFolder = "disk"

    /// The installation's folder.
    package let root: String
    private let scratch: ScratchFolder
    private let environment: [String: String]
    private let arguments: [String]
    private let disk: SmallDisk?
    private let maxDescriptors: Int?
    private let state = Mutex(State())

    private init(
        _ scratch: ScratchFolder,
        environment: [String: String],
        arguments: [String],
        disk: SmallDisk? = nil,
        maxDescriptors: Int? = nil
    ) {
        self.scratch = scratch
        self.disk = disk
        self.maxDescriptors = maxDescriptors
        root = scratch.path + "/root"
        self.environment = Self.baseEnvironment.merging(environment) { $1 }
        self.arguments = arguments
    }

    private static var baseEnvironment: [String: String] {
        let own = ProcessInfo.processInfo.environment
        var environment = ["PRAX_BUNDLED_PLUGINS": SourceTree.bundledPlugins, "SWIFT_BACKTRACE": "enable=no"]
        for name in ["PATH", "LD_LIBRARY_PATH", "HOME", "ASAN_OPTIONS", "TSAN_OPTIONS"] {
            environment[name] = own[name]
        }
        return environment
    }

    /// Starts a host, lends it to `body` and ends it.
    ///
    /// `files` are written below the root before the start; with `diskKilobytes` there is a disk of its own at
    /// ``diskFolder``, and with `maxDescriptors` it can have no more than those.
    package static func with<Result>(
        config: String? = nil,
        files: [String: String] = [:],
        environment: [String: String] = [:],
        arguments: [String] = [],
        diskKilobytes: Int? = nil,
        maxDescriptors: Int? = nil,
        isStarted: Bool = true,
        _ body: (RunningHost) async throws -> Result
    ) async throws -> Result {
        let scratch = try ScratchFolder()
        let disk = try diskKilobytes.map { kilobytes in
            let folder = scratch.path + "/root/" + diskFolder
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            return try SmallDisk(at: folder, kilobytes: kilobytes)
        }
        let host = RunningHost(
            scratch,
            environment: environment,
            arguments: arguments,
            disk: disk,
            maxDescriptors: maxDescriptors
        )
        defer { host.end() }
        try FileManager.default.createDirectory(atPath: host.root, withIntermediateDirectories: true)
        if let config { try scratch.write(config, to: "root/config/praximous.yaml") }
        for (name, text) in files { try scratch.write(text, to: "root/" + name) }
        if isStarted { try await host.start() }
        return try await body(host)
    }

    /// A host that nobody ends before the test process itself does: for many tests that only ask.
    package static func untilTestsEnd(environment: [String: String] = [:]) async throws -> RunningHost {
        let host = RunningHost(try ScratchFolder(), environment: environment, arguments: [])
        try FileManager.default.createDirectory(atPath: host.root, withIntermediateDirectories: true)
        try await host.start()
        EndOfTests.kill(host)
        return host
    }

    /// The first admin key, once the host has shown it.
    package var key: String { state.withLock { $0.key } }
    package var port: Int { state.withLock { $0.port } }
    package var isRunning: Bool { state.withLock { $0.program }?.isRunning ?? false }
    /// What the running host has written so far.
    package var output: String { state.withLock { $0.program }?.output.text ?? "" }
    package var log: String { state.withLock { $0.program }?.errors.text ?? "" }
    package var processID: pid_t? { state.withLock { $0.program }?.id }

    /// Starts the host, also again after its end, and returns its banner.
    @discardableResult
    package func start() async throws -> String {
        let program = try ChildProgram(
            command(["serve", "--port", "0"] + arguments),
            environment: environment
        )
        state.withLock { $0.program = program }
        return try await Blocking.run { [self] in
            let banner = program.output.wait { $0.contains("Try, in another terminal:") && $0.hasSuffix("\n") }
            guard let port = Self.port(in: banner) else {
                throw DidNotStart(output: banner, errors: program.errors.wait(seconds: 2))
            }
            state.withLock { state in
                state.port = port
                if let key = Self.key(in: banner) { state.key = key }
            }
            return banner
        }
    }

    /// Sends a signal and waits for the end; the exit code, 128 + N after signal N, nil when it did not end in time.
    @discardableResult
    package func kill(_ signal: Int32, seconds: Double = 30) async throws -> Int32? {
        guard let program = state.withLock({ $0.program }) else { return nil }
        program.signal(signal)
        return try await Blocking.run { program.waitForExit(seconds: seconds) }
    }

    /// Sends a signal and does not wait.
    package func signal(_ number: Int32) { state.withLock { $0.program }?.signal(number) }

    package func waitForExit(seconds: Double = 30) async throws -> Int32? {
        guard let program = state.withLock({ $0.program }) else { return nil }
        return try await Blocking.run { program.waitForExit(seconds: seconds) }
    }

    /// Waits until the log satisfies `isEnough`; the log so far.
    package func waitForLog(seconds: Double = 20, _ isEnough: @escaping @Sendable (String) -> Bool) async throws
        -> String
    {
        guard let program = state.withLock({ $0.program }) else { return "" }
        return try await Blocking.run { program.errors.wait(seconds: seconds, until: isEnough) }
    }

    /// Runs a command of the host against the same installation.
    package func cli(
        _ arguments: [String],
        input: String = "",
        environment: [String: String] = [:]
    ) async throws -> CommandResult {
        let environment = self.environment.merging(environment) { $1 }
        let command = command(arguments)
        return try await Blocking.run {
            let program = try ChildProgram(
                command,
                environment: environment,
                input: input
            )
            let exitCode = program.waitForExit()
            return CommandResult(output: program.output.wait(), errors: program.errors.wait(), exitCode: exitCode)
        }
    }

    private func command(_ arguments: [String]) -> [String] {
        let limit = maxDescriptors.map { ["prlimit", "--nofile=\($0):\($0)"] } ?? []
        let command = limit + [SourceTree.hostExecutable, "--root", root] + arguments
        return disk?.inside(command) ?? command
    }

    fileprivate func end() {
        guard let program = state.withLock({ $0.program }) else { return }
        program.signal(SIGKILL)
        _ = program.waitForExit(seconds: 10)
    }

    private static func port(in banner: String) -> Int? {
        banner.firstMatch(of: #/at http://[^\s:]+:([0-9]+)/#).flatMap { Int($0.1) }
    }

    private static func key(in banner: String) -> String? {
        banner.firstMatch(of: #/export PRAX_KEY=(\S+)/#).map { String($0.1) }
    }
}

/// Ends, with the test process, the hosts that outlive single tests, and removes their folders.
private enum EndOfTests {
    private static let hosts = Mutex<[RunningHost]>([])

    static func kill(_ host: RunningHost) {
        let isFirst = hosts.withLock { hosts in
            hosts.append(host)
            return hosts.count == 1
        }
        guard isFirst else { return }
        atexit {
            for host in EndOfTests.hosts.withLock({ $0 }) {
                host.end()
                try? FileManager.default.removeItem(atPath: URL(filePath: host.root).deletingLastPathComponent().path)
            }
        }
    }
}
