import Foundation
import Glibc
import PraximousJSON
import TestSupport
import Testing

@Suite("Stopping") struct ShutdownTests {
    @Test(
        "finishes what is under way on the first SIGTERM, and takes nothing new",
        arguments: ["inproc", "process"]
    )
    func drains(_ mode: String) async throws {
        try await withSlowSkill(mode) { host, folder async throws in
            async let slow = host.process(["task_type": "slow"])
            try await appears(folder + "/started")
            host.signal(SIGTERM)
            #expect(try await refusesConnections(host))
            try Data().write(to: URL(filePath: folder + "/go"))
            let answer = try await slow
            #expect(answer.status == 200)
            #expect(answer.json["result"]?["answer"] == "at last")
            #expect(try await host.waitForExit() == 0)
            #expect(try await host.auditEvent(answer.requestID)?["status"] == "success")
        }
    }

    @Test("ends at once on the second SIGTERM", arguments: ["inproc", "process"])
    func secondSignal(_ mode: String) async throws {
        try await withSlowSkill(mode) { host, folder async throws in
            async let slow = try? await host.process(["task_type": "slow"])
            try await appears(folder + "/started")
            host.signal(SIGTERM)
            #expect(try await refusesConnections(host))
            #expect(host.isRunning)
            #expect(try await host.kill(SIGTERM, seconds: 5) == 128 + SIGTERM)
            _ = await slow
        }
    }

    @Test("while a plugin is being loaded waits for that one, and leaves no marker that would speak against it")
    func whileLoading() async throws {
        try await withSlowSkill("inproc", variant: "late", isStarted: false) { host, folder async throws in
            async let banner = try? await host.start()
            try await appears(folder + "/started")
            #expect(try markers(host) == ["test__slow"])
            host.signal(SIGTERM)
            try await Task.sleep(for: .milliseconds(100))
            #expect(host.isRunning)
            try Data().write(to: URL(filePath: folder + "/go"))
            #expect(try await host.waitForExit(seconds: 10) == 0)
            #expect(await banner == nil)
            #expect(try markers(host) == [])
        }
    }

    @Test("while a plugin is being loaded ends the host at once the second time")
    func twiceWhileLoading() async throws {
        try await withSlowSkill("inproc", variant: "late", isStarted: false) { host, folder async throws in
            async let banner = try? await host.start()
            try await appears(folder + "/started")
            var exitCode: Int32?
            // Two signals of one moment may be one.
            for _ in 0..<20 where exitCode == nil { exitCode = try await host.kill(SIGTERM, seconds: 0.5) }
            #expect(exitCode == 128 + SIGTERM)
            #expect(await banner == nil)
        }
    }

    private func markers(_ host: RunningHost) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: host.root + "/data/state/loading")
    }

    @Test("of an idle host leaves exit code 0, with SIGINT too")
    func idle() async throws {
        try await RunningHost.with { host async throws in
            #expect(try await host.kill(SIGTERM, seconds: 5) == 0)
            try await host.start()
            #expect(try await host.kill(SIGINT, seconds: 5) == 0)
        }
    }

    @Test("does not wait for connections that ask nothing")
    func idleConnections() async throws {
        try await RunningHost.with { host async throws in
            let exitCode = try await host.connected { connection -> Int32? in
                connection.send(HTTPBytes.request("GET", "/healthz"))
                _ = try connection.readAnswer()
                host.signal(SIGTERM)
                _ = connection.waitForClose()
                return 0
            }
            #expect(exitCode == 0)
            #expect(try await host.waitForExit(seconds: 5) == 0)
        }
    }

    private func withSlowSkill(
        _ mode: String,
        variant: String = "plain",
        isStarted: Bool = true,
        _ body: (RunningHost, String) async throws -> Void
    ) async throws {
        let scratch = try ScratchFolder()
        let plugin = try PluginFixture.folder(
            source: SourceTree.path("Tests/Acceptance/Fixtures/slow.c"),
            manifest: PluginFixture.manifest(name: "test/slow", taskType: "slow", operations: ["wait"], timeout: "20"),
            variant: variant
        )
        // It says through a file that it has begun, which no sandbox would let it write.
        let config = "plugins:\n  test/slow:\n    isolation: \(mode)\n    config: { folder: \"\(scratch.path)\" }\n"
        try await RunningHost.with(config: config, arguments: ["--plugin", plugin], isStarted: isStarted) {
            host async throws in
            try await body(host, scratch.path)
        }
    }

    /// Waits, with a bound, until the host no longer takes connections.
    private func refusesConnections(_ host: RunningHost) async throws -> Bool {
        for _ in 0..<10_000 {
            guard (try? await host.connected({ _ in true })) != nil else { return true }
        }
        return false
    }

    /// Waits, on a thread and with a bound, for a file that a plugin makes.
    private func appears(_ path: String) async throws {
        let isThere = try await Blocking.run {
            for _ in 0..<10_000 {
                if access(path, F_OK) == 0 { return true }
                usleep(1000)
            }
            return false
        }
        #expect(isThere)
    }
}
