import Foundation
import PraximousJSON
import TestSupport
import Testing

/// Plays one row in one mode in a host of its own, and looks at everything that might have been harmed.
struct FaultRun {
    private static let maxGrowthMB = 64
    /// A few descriptors come and go with connections and with files of the databases.
    static let descriptorTolerance = 4
    private static let maxLogBytes = 1 << 20

    let row: FaultRow
    let mode: IsolationMode
    let expectation: Expectation
    let host: RunningHost
    let process: HostProcess

    init(_ faultCase: FaultCase, _ host: RunningHost) throws {
        row = faultCase.row
        mode = faultCase.mode
        expectation = faultCase.expectation
        self.host = host
        process = HostProcess(id: try #require(host.processID))
    }

    func run() async throws {
        try await host.untilPluginsStand()
        if case .load = row.harm.scenario {} else { try await warmUp() }
        var seen = process.descendants
        let (descriptors, memory, output) = (process.openDescriptors, process.residentMB, host.output)
        let (observation, bystander) = try await Bystander.beside(host) { try await row.harm.play(host) }
        seen.formUnion(process.descendants)
        seen.formUnion(HostProcess.inGroups(of: seen))

        switch expectation.outcome {
        case .notTested, .hostRestarts: return
        case .hostEnds(let code):
            #expect(observation == nil, "the host answered: \(observation?.text ?? "")")
            try await checkDeath(code)
        case .answers(let expected):
            let answer = try #require(observation, "the connection was cut; the host's log: \(host.log.suffix(2000))")
            #expect(expected.contains(where: answer.fits), "\(answer.status) \(answer.text); expected \(expected)")
            #expect(answer.milliseconds <= expectation.withinMilliseconds, "took \(answer.milliseconds) ms")
            #expect(bystander.failures.isEmpty, "another plugin's calls: \(bystander.failures)")
            #expect(bystander.answered > 0)
            #expect(await host.isHealthy())
            try await checkAfterwards()
            let kind = try await checkFaults()
            await checkTraces(descriptors, memory, output)
            note(answer, kind)
        }
        seen.formUnion(process.descendants)
        seen.formUnion(HostProcess.inGroups(of: seen))
        try await checkEnd(seen)
    }

    /// So that everything that is opened once is open, and the worker runs.
    func warmUp() async throws {
        let isServed = try await Patience.wait(seconds: 15) { try await host.fault("ok").status == 200 }
        try #require(isServed, "the plugin does not serve; the host's log: \(host.log.suffix(2000))")
    }

    private func checkAfterwards() async throws {
        switch expectation.afterwards {
        case .works:
            var others: Set<String> = []
            let works = try await Patience.wait(seconds: 10) {
                let answer = try await host.fault("ok")
                guard answer.status != 200 else { return true }
                others.insert("\(answer.status) \(answer.json["error"]?["code"]?.text ?? "")")
                return false
            }
            #expect(works, "still \(others); the host's log: \(host.log.suffix(2000))")
            #expect(others.isSubset(of: passing), "while it was restarted")
        case .hangs:
            let isRefused = try await Patience.wait(seconds: 5) {
                let status = try await host.fault("ok").status
                return status == 503 || status == 504
            }
            #expect(isRefused, "a plugin that hangs still gets calls")
            #expect(try await host.pluginState()?["state"] == "hung")
            #expect(try await host.get("/healthz").json["status"] == "degraded")
            #expect(try await host.get("/readyz").status == 200)
        case .isRefused:
            #expect(try await host.fault("ok").status != 200)
        }
    }

    /// What `ok` may be answered with until the plugin works again.
    private var passing: Set<String> {
        let isAnsweredBeforeTheEnd = !expectation.faults.isEmpty && expectation.answers.contains { $0.status == 200 }
        let restarting = #"503 "plugin_unavailable""#
        let isStuck = !expectation.faults.isDisjoint(with: ["timeout", "unresponsive"])
        // What reaches the worker while the stuck call has its grace goes down with it.
        return Set(
            [restarting] + (isAnsweredBeforeTheEnd ? [#"502 "plugin_crashed""#] : [])
                + (isStuck ? [#"504 "plugin_timeout""#] : [])
        )
    }

    /// The kind of the one fault that was counted and audited.
    private func checkFaults() async throws -> String? {
        let (expected, isOptional) = (expectation.faults, expectation.isFaultOptional || expectation.faults.isEmpty)
        let isEnough = { try await host.countedFaults().values.reduce(0, +) >= expectation.times }
        if !isOptional { _ = try await Patience.wait(seconds: 3, until: isEnough) }
        let counted = try await host.countedFaults()
        let total = counted.values.reduce(0, +)
        // The log is written a moment after the counter.
        _ = try await Patience.wait(seconds: 3) { try await host.auditRows(kind: "fault").count >= total }
        let audited = try await host.auditRows(kind: "fault")
        #expect(audited.count == total, "counted \(counted), audited \(audited)")
        guard let kind = counted.keys.first else {
            #expect(isOptional, "no fault was counted")
            return nil
        }
        // A plugin that does not start is tried again with every call that the back-off lets through.
        let isRight = counted[kind] == expectation.times || kind == "start_failed"
        #expect(counted.count == 1 && isRight && expected.contains(kind), "counted \(counted)")
        #expect(audited.allSatisfy { $0.text.contains(kind) }, "audited \(audited)")
        return kind
    }

    /// What the harm left in the host itself.
    private func checkTraces(_ descriptors: Int, _ memory: Int, _ output: String) async {
        let limit = descriptors + Self.descriptorTolerance
        let isSettled = await Patience.wait(seconds: 3) { process.openDescriptors <= limit }
        #expect(isSettled, "from \(descriptors) to \(process.openDescriptors) descriptors")
        #expect(host.output == output, "the host's standard output is not the plugin's")
        #expect(host.log.utf8.count <= Self.maxLogBytes, "\(host.log.utf8.count) bytes of log")
        #expect(openFiles() == [], "may be written by others")
        if let words = expectation.logSays { #expect(host.log.contains(words), "\(host.log.suffix(2000))") }
        guard mode.isWorker else { return }
        #expect(process.peakMB - memory < Self.maxGrowthMB, "from \(memory) to \(process.peakMB) MB")
    }

    /// Files that anybody might write, whatever the plugin made of the host's umask.
    private func openFiles() -> [String] {
        let names = FileManager.default.enumerator(atPath: host.root + "/data")?.compactMap { $0 as? String } ?? []
        return names.filter { name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: host.root + "/data/" + name)
            let isLink = attributes?[.type] as? FileAttributeType == .typeSymbolicLink
            return !isLink && (attributes?[.posixPermissions] as? Int ?? 0) & 0o022 != 0
        }
    }

    private func note(_ answer: Observation, _ kind: String?) {
        var words = ["\(answer.status)"] + [answer.code].compactMap(\.self)
        if let kind { words.append("(\(kind))") }
        note(words.joined(separator: " "), milliseconds: answer.milliseconds)
    }

    func note(_ text: String, milliseconds: Int? = nil) {
        FaultResults.record(row, mode, text, milliseconds: milliseconds)
    }
}

extension FaultRun {
    /// The host ended, and the next one knows why.
    private func checkDeath(_ code: Int32) async throws {
        let ended = try await host.waitForExit(seconds: 10)
        #expect(ended == code, "\(host.log.suffix(1000))")
        try await host.start()
        #expect(await host.isHealthy())
        let quarantined = try await host.quarantined()
        note("host ends with \(ended ?? -1)" + (quarantined.isEmpty ? "" : "; the next one skips the plugin"))
        #expect(quarantined == ["acme/faults"])
        let answer = try await host.fault("ok")
        #expect(answer.status == 503)
        #expect(answer.json["error"]?["code"] == "plugin_quarantined")
        #expect(try await host.process(["task_type": "echo", "prompt": "hi"]).status == 200)
    }

    /// The host can be stopped, and nothing that it started outlives it.
    private func checkEnd(_ seen: Set<HostProcess.Identity>) async throws {
        let hangs: Bool
        if case .hangs = expectation.afterwards { hangs = true } else { hangs = false }
        // A thread that hangs cannot be waited for.
        let isGentle = mode.isWorker || !hangs
        let code = try await host.kill(isGentle ? SIGTERM : SIGKILL)
        #expect(code == (isGentle ? 0 : 128 + SIGKILL), "\(host.log.suffix(1000))")
        let isClear = await Patience.wait(seconds: 1) { HostProcess.alive(seen).isEmpty }
        #expect(isClear, "left behind: \(HostProcess.alive(seen))")
    }
}
