import Foundation
import Glibc
import PraximousJSON
import Synchronization
import TestSupport
import Testing

@Suite("Upgrades under load") struct UpgradeUnderLoadTests {
    private static let upgrades = 10
    private static let calls = 10_000
    private static let modes = IsolationMode.available.filter { [.inproc, .sandbox].contains($0) }

    @Test("lose no request when a plugin is restarted ten times", arguments: modes)
    func restarts(_ mode: IsolationMode) async throws {
        try await FaultHost.with(mode) { host async throws in
            let first = try await Self.whoami(host)
            let load = try await Load.on(host, atLeast: Self.calls) {
                for _ in 0..<Self.upgrades {
                    let restart = try await host.cli(["plugins", "restart", "acme/faults"])
                    #expect(restart.exitCode == 0, "\(restart.errors)")
                }
            }
            #expect(load.failures.isEmpty, "\(load.failures.count) of \(load.answered): \(load.failures.prefix(3))")
            #expect(load.answered >= Self.calls)
            let last = try await Self.whoami(host)
            #expect(last["version"] == "1.0.0")
            if mode.isWorker { #expect(last["pid"] != first["pid"]) }
        }
    }

    @Test("lose no request when ten new versions take its place", arguments: modes)
    func newVersions(_ mode: IsolationMode) async throws {
        let scratch = try ScratchFolder()
        for number in 0...Self.upgrades {
            try FaultPlugin.make(version: "1.0.\(number)", at: "\(scratch.path)/1.0.\(number)")
        }
        try await RunningHost.with(
            config: FaultHost.config(mode),
            environment: ["PRAX_BUNDLED_PLUGINS": try FaultPlugin.bystanders.get().path],
            isStarted: false
        ) { host async throws in
            let place = host.root + "/plugins/local/faults"
            try FileManager.default.createDirectory(
                atPath: host.root + "/plugins/local",
                withIntermediateDirectories: true
            )
            try FileManager.default.moveItem(atPath: scratch.path + "/1.0.0", toPath: place)
            try await host.start()
            #expect(try await Patience.wait(seconds: 15) { try await Self.whoami(host)["version"] == "1.0.0" })

            let load = try await Load.on(host, atLeast: Self.calls) {
                for number in 1...Self.upgrades {
                    try #require(Self.exchange("\(scratch.path)/1.0.\(number)", place) == 0)
                    let version = JSON.string("1.0.\(number)")
                    let isServed = try await Patience.wait(seconds: 15) {
                        try await Self.whoami(host)["version"] == version
                    }
                    #expect(isServed, "1.0.\(number): \(host.log.suffix(1000))")
                }
            }
            #expect(load.failures.isEmpty, "\(load.failures.count) of \(load.answered): \(load.failures.prefix(3))")
            #expect(load.answered >= Self.calls)
            #expect(load.lastVersions == ["1.0.10"])
        }
    }

    /// Puts each folder in the place of the other in one step, so that there is a plugin at every moment; 0, or errno.
    private static func exchange(_ left: String, _ right: String) -> Int32 {
        typealias Rename = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
        // The header hides it behind _GNU_SOURCE.
        guard let symbol = dlsym(nil, "renameat2") else { return ENOSYS }
        let exchangeFlag: UInt32 = 2
        return unsafeBitCast(symbol, to: Rename.self)(AT_FDCWD, left, AT_FDCWD, right, exchangeFlag) == 0 ? 0 : errno
    }

    private static func whoami(_ host: RunningHost) async throws -> JSON {
        try await host.fault("whoami").json["result"] ?? .null
    }
}

/// Four clients that ask which version serves them, as fast as they can.
private final class Load: Sendable {
    struct Report: Sendable {
        var answered = 0
        var failures: [String] = []
        /// What each client heard last.
        var lastVersions: Set<String> = []
    }

    private struct State {
        var report = Report()
        var isOver = false
    }

    private static let clients = 4
    private let state = Mutex(State())
    private let least: Int

    private init(atLeast least: Int) { self.least = least }

    /// Loads the host while `body` runs, and until there have been `least` answers.
    static func on(_ host: RunningHost, atLeast least: Int, _ body: () async throws -> Void) async throws -> Report {
        let load = Load(atLeast: least)
        async let clients: Void = load.run(host)
        do {
            defer { load.state.withLock { $0.isOver = true } }
            _ = await Patience.wait(seconds: 10) { load.state.withLock { $0.report.answered > 100 } }
            try await body()
        }
        try await clients
        return load.state.withLock { $0.report }
    }

    private func run(_ host: RunningHost) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for _ in 0..<Self.clients { tasks.addTask { try await self.ask(host) } }
            try await tasks.waitForAll()
        }
    }

    private func ask(_ host: RunningHost) async throws {
        let request = HTTPBytes.request(
            "POST",
            "/api/v1/process",
            headers: host.header(of: .admin) + [("Content-Type", "application/json")],
            body: RunningHost.faultRequest("whoami").encoded()
        )
        try await host.connected { [self] connection in
            var last = ""
            while isWanted {
                connection.send(request)
                let answer = try connection.readAnswer()
                last = answer.json["result"]?["version"]?.stringValue ?? ""
                state.withLock { state in
                    state.report.answered += 1
                    guard answer.status != 200 else { return }
                    state.report.failures.append("\(answer.status) \(answer.text.prefix(200))")
                }
            }
            state.withLock { _ = $0.report.lastVersions.insert(last) }
        }
    }

    /// A host that fails everything is not asked for ever.
    private var isWanted: Bool {
        state.withLock { !$0.isOver || $0.report.answered < least && $0.report.failures.count < 100 }
    }
}
