import Glibc
import PraximousJSON
import Synchronization
import TestSupport
import Testing

@Suite("kill -9", .serialized) struct CrashTests {
    @Test("loses no answered request in strict mode")
    func strict() async throws {
        let rounds = SourceTree.isLongRun ? 50 : 5
        try await RunningHost.with(config: "audit:\n  mode: strict\nlog:\n  level: error\n") { host async throws in
            var answeredInAll = 0
            for round in 0..<rounds {
                let answered = try await killUnderLoad(host, after: 150 + round * 37 % 300)
                #expect(answered.count >= 150)
                answeredInAll += answered.count
                try await host.start()
                let audited = try await auditedIDs(host, atLeast: answered.count)
                let missing = answered.subtracting(audited)
                #expect(missing.isEmpty, "round \(round): \(missing.count) of \(answered.count) are missing")
            }
            print("kill -9: \(rounds) rounds, \(answeredInAll) answered requests, none missing")
        }
    }

    /// Eight clients ask as fast as they can; once `count` answers have come, the host is killed.
    ///
    /// The ids of the answers that arrived whole.
    private func killUnderLoad(_ host: RunningHost, after count: Int) async throws -> Set<String> {
        let counter = Answered()
        let request = HTTPBytes.request(
            "POST",
            "/api/v1/process",
            headers: host.header(of: .admin),
            body: JSON.object(["task_type": "echo", "prompt": "kill"]).encoded()
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for _ in 0..<8 {
                tasks.addTask {
                    try await host.connected { connection in
                        while connection.send(request), let answer = try? connection.readAnswer() {
                            guard answer.status == 200, let id = answer.requestID else { continue }
                            if counter.add(id) == count { host.signal(SIGKILL) }
                        }
                    }
                }
            }
            try await tasks.waitForAll()
        }
        #expect(try await host.waitForExit() == 128 + SIGKILL)
        return counter.ids
    }

    private func auditedIDs(_ host: RunningHost, atLeast count: Int) async throws -> Set<String> {
        var ids: Set<String> = []
        var arguments = ["audit", "list", "--limit", "500", "--json"]
        while true {
            let page = try JSON.parse(try await host.cli(arguments).output)
            for event in page["events"]?.arrayValue ?? [] { ids.insert(event["request_id"]?.stringValue ?? "") }
            guard ids.count < count + 16, let next = page["next"]?.stringValue else { return ids }
            arguments = ["audit", "list", "--limit", "500", "--json", "--before", next]
        }
    }

    private final class Answered: Sendable {
        private let state = Mutex<Set<String>>([])

        var ids: Set<String> { state.withLock { $0 } }

        func add(_ id: String) -> Int {
            state.withLock { state in
                state.insert(id)
                return state.count
            }
        }
    }
}
