import Glibc
import PraximousJSON
import TestSupport
import Testing

@Suite("A plugin that does harm") struct FaultTableTests {
    @Test("fails its own calls and nobody else's", arguments: FaultCase.all)
    func row(_ faultCase: FaultCase) async throws {
        let harm = faultCase.row.harm
        try await FaultHost.with(faultCase.mode, plugin: harm.plugin, arguments: harm.arguments) { host async throws in
            let run = try FaultRun(faultCase, host)
            switch harm.scenario {
            case .crashLoop: try await run.runCrashLoop()
            case .hostKilled: try await run.runHostKilled()
            case .supervised(let count) where !faultCase.mode.isWorker: try await run.runRestart(count)
            default: try await run.run()
            }
            guard harm.plugin == .constructorWrites else { return }
            let isWritten = access(try FaultPlugin.marker(faultCase.mode), F_OK) == 0
            // Not even the check before the first load runs it outside the sandbox.
            let isFree = [.inproc, .process].contains(faultCase.mode)
            #expect(isWritten == isFree)
        }
    }

    @Test("is not started when the host would have no descriptors left for others", arguments: workers)
    func fewDescriptors(_ mode: IsolationMode) async throws {
        try await FaultHost.with(mode, maxDescriptors: 100) { host async throws in
            try await host.untilPluginsStand()
            #expect([404, 503].contains(try await host.fault("ok").status))
            let words = "of 100 descriptors of the host are open"
            let isSaid = await Patience.wait(seconds: 5) { host.log.contains(words) }
            #expect(isSaid, "\(host.log.suffix(2000))")
            #expect(try await host.process(["task_type": "echo", "prompt": "hi"]).status == 200)
            #expect(await host.isHealthy())
            let row = try #require(FaultTable.rows.first { $0.fault == "descriptors, until the host has none" })
            FaultResults.record(row, mode, "no worker while the host has less than 64 left", milliseconds: nil)
        }
    }

    private static let workers = IsolationMode.available.filter(\.isWorker)

    @Test(
        "is refused where it is to run as strict and a layer is missing",
        .enabled(if: !IsolationMode.missingLayers.isEmpty)
    )
    func strictIsAllOrNothing() async throws {
        try await FaultHost.with(.strict) { host async throws in
            let answer = try await host.fault("ok")
            #expect([404, 503].contains(answer.status), "\(answer.text)")
            let state = try await host.pluginState()
            #expect(state?["state"] == "refused")
            for layer in IsolationMode.missingLayers { #expect(state?.text.contains(layer) == true, "\(layer)") }
            #expect(await host.isHealthy())
        }
    }
}

extension FaultRun {
    /// The same fault over and over ends in the quarantine, which the operator ends.
    func runCrashLoop() async throws {
        try await warmUp()
        let descriptors = process.openDescriptors
        var answers: [String] = []
        let isQuarantined = try await Patience.wait(seconds: 30) {
            let answer = try await host.fault(row.harm.operation)
            let code = answer.json["error"]?["code"]?.stringValue ?? "none"
            if answers.last != code { answers.append(code) }
            return code == "plugin_quarantined"
        }
        #expect(isQuarantined, "\(answers)")
        #expect(Set(answers) == ["plugin_crashed", "plugin_unavailable", "plugin_quarantined"])
        #expect(try await host.quarantined() == ["acme/faults"])
        #expect(try await host.pluginState()?["state"] == "quarantined")
        #expect(try await host.countedFaults() == ["crashed": 5])
        #expect(try await host.auditRows(kind: "fault").count == 5)
        #expect(await host.isHealthy())

        let restart = try await host.cli(["plugins", "restart", "acme/faults"])
        #expect(restart.exitCode == 0, "\(restart.errors)")
        #expect(try await Patience.wait(seconds: 10) { try await host.fault("ok").status == 200 })
        #expect(try await host.quarantined() == [])
        let limit = descriptors + Self.descriptorTolerance
        let isSettled = await Patience.wait(seconds: 3) { process.openDescriptors <= limit }
        #expect(isSettled, "from \(descriptors) to \(process.openDescriptors) descriptors")
        note("503 plugin_quarantined after 5 faults")
    }

    /// A host that has lost too many threads makes room for another one, which does not run into the same.
    func runRestart(_ count: Int) async throws {
        try await host.untilPluginsStand()
        try await warmUp()
        async let slow = host.fault("slow")
        let (answers, bystander) = try await Bystander.beside(host) { try await row.harm.calls(count, host) }
        #expect(answers.allSatisfy { $0.status == 504 && $0.code == "plugin_timeout" }, "\(answers.map(\.text))")
        #expect(answers.allSatisfy { $0.milliseconds <= expectation.withinMilliseconds })
        #expect(bystander.failures.isEmpty, "another plugin's calls: \(bystander.failures)")
        // It says so before it stops listening.
        let isAnnounced = try await Patience.wait(seconds: 5) {
            let answer = try await host.get("/readyz")
            return answer.status == 503 && answer.json["error"]?["code"] == "not_ready"
        }
        #expect(isAnnounced, "\(host.log.suffix(2000))")
        // What is under way when it stops listening is finished.
        #expect(try await slow.status == 200)
        let code = try await host.waitForExit(seconds: 10)
        #expect(code == 12, "\(host.log.suffix(2000))")

        try await host.start()
        let quarantined = try await host.quarantined()
        #expect(Set(quarantined) == ["acme/clash", "acme/faults"])
        #expect(try await host.fault("ok").json["error"]?["code"] == "plugin_quarantined")
        #expect(try await host.get("/healthz").json["status"] == "ok")
        #expect(try await host.process(["task_type": "echo", "prompt": "hi"]).status == 200)
        #expect(try await host.hasAudited("too_many_abandoned"))
        // That row names both.
        #expect(try await host.auditRows(kind: "fault").count == count)
        #expect(try await host.auditRows(kind: "fault", plugin: "acme/clash").count == 2)
        note("504 plugin_timeout, then the host ends with \(code ?? -1); the next one skips both plugins")
        #expect(try await host.kill(SIGTERM) == 0)
    }

    /// Workers do not outlive the host, however it ends.
    func runHostKilled() async throws {
        let isServed = try await Patience.wait(seconds: 15) { try await host.fault("ok").status == 200 }
        try #require(isServed, "\(host.log.suffix(2000))")
        let workers = process.descendants
        #expect(!workers.isEmpty, "the plugin runs in no process of its own")
        let stopwatch = Stopwatch()
        #expect(try await host.kill(SIGKILL) == 128 + SIGKILL)
        let isClear = await Patience.wait(seconds: 1) { HostProcess.alive(workers).isEmpty }
        #expect(isClear, "left behind: \(HostProcess.alive(workers))")
        note("no process is left", milliseconds: stopwatch.milliseconds)
    }
}
