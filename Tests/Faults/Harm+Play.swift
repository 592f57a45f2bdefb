import Foundation
import PraximousJSON
import TestSupport
import Testing

/// How harm is done to a host.
extension Harm {
    /// Does the harm; nil when the connection was cut before an answer came.
    func play(_ host: RunningHost) async throws -> Observation? {
        switch scenario {
        case .call: return try await call(host)
        case .callBoth:
            let observation = try await call(host)
            let other = try await host.process(["task_type": "clash", "operation": .string(operation)])
            #expect(other.json["result"] == ["answer": 2], "\(other.text)")
            return observation
        case .load:
            let stopwatch = Stopwatch()
            return Observation(try await host.fault("ok"), milliseconds: stopwatch.milliseconds)
        case .callThenRestart:
            let observation = try await call(host)
            let restart = try await host.cli(["plugins", "restart", "acme/faults"])
            #expect(restart.exitCode == 0, "\(restart.errors)")
            return observation
        case .stream:
            return try await Blocking.run { [operation] in
                let stopwatch = Stopwatch()
                let stream = try EventStreamReader(host, operation)
                stream.readToEnd()
                #expect(stream.events.count { ["done", "error"].contains($0) } <= 1)
                return Observation(stream, milliseconds: stopwatch.milliseconds)
            }
        case .flood(let isRead): return try await flood(host, isRead: isRead)
        case .together(let count), .supervised(let count): return try await calls(count, host).first
        case .crashLoop, .hostKilled: return try await call(host)
        }
    }

    /// Makes so many calls at once, all of which are answered alike.
    func calls(_ count: Int, _ host: RunningHost) async throws -> [Observation] {
        let observations = try await withThrowingTaskGroup(of: Observation?.self) { tasks in
            for number in 1...count {
                let isOther = number == count && plugin == .besideClash
                tasks.addTask { try await call(host, taskType: isOther ? "clash" : "faults") }
            }
            return try await tasks.reduce(into: [Observation?]()) { $0.append($1) }
        }
        let answers = observations.compactMap(\.self)
        #expect(answers.count == count, "a connection was cut")
        #expect(Set(answers.map { "\($0.status) \($0.code ?? "")" }).count == 1, "\(answers.map(\.text))")
        return answers
    }

    private func call(_ host: RunningHost, taskType: String = "faults") async throws -> Observation? {
        let stopwatch = Stopwatch()
        do {
            let answer = try await host.process(RunningHost.faultRequest(operation, parameters, taskType: taskType))
            return Observation(answer, milliseconds: stopwatch.milliseconds)
        } catch is HTTPConnection.Problem {
            return nil
        }
    }

    /// Lets the plugin write faster than anybody reads, until it is told to stop; the host's memory stays as it was.
    private func flood(_ host: RunningHost, isRead: Bool) async throws -> Observation? {
        let process = HostProcess(id: host.processID ?? 0)
        let before = process.residentMB
        let stopwatch = Stopwatch()
        try await Blocking.run { [operation] in
            let stream = try EventStreamReader(host, operation, receiveBufferBytes: 4096)
            guard isRead else {
                // Until the host has had enough of a reader that does not read.
                withExtendedLifetime(stream) {
                    while stopwatch.milliseconds < 10_000, !Self.hasEnded(host) { Thread.sleep(forTimeInterval: 0.1) }
                }
                return
            }
            while stopwatch.milliseconds < 2000, !stream.hasEnded {
                stream.read(atMost: 4096)
                Thread.sleep(forTimeInterval: 0.02)
            }
            #expect(!stream.hasEnded, "a slow reader was cut off: \(stream.text.suffix(200))")
        }
        #expect(process.peakMB - before < 48, "the host grew from \(before) to \(process.peakMB) MB")
        let hasEnded = await Patience.wait(seconds: 5) { await Self.state(host)["ended"]?.intValue ?? 0 < 0 }
        let state = await Self.state(host)
        #expect(hasEnded, "the plugin was not told to stop: \(state)")
        if !isRead {
            let isAudited = try await Patience.wait(seconds: 5) { try await host.hasAudited("slow_consumer") }
            #expect(isAudited, "the reader was not what the stream was ended for")
        }
        return Observation(try await host.fault("ok"), milliseconds: stopwatch.milliseconds)
    }

    private static func state(_ host: RunningHost) async -> JSON {
        (try? await host.fault("flood_state").json["result"]) ?? .null
    }

    private static func hasEnded(_ host: RunningHost) -> Bool {
        guard let connection = try? HTTPConnection(port: host.port) else { return true }
        let headers = host.header(of: .admin) + [("Content-Type", "application/json")]
        let body = RunningHost.faultRequest("flood_state").encoded()
        connection.send(HTTPBytes.request("POST", "/api/v1/process", headers: headers, body: body))
        return (try? connection.readAnswer())?.json["result"]?["ended"]?.intValue ?? 0 < 0
    }
}
