import Glibc
import PraximousJSON
import TestSupport
import Testing

@Suite("An answer as a stream of events") struct EventStreamTests {
    private struct Message: Equatable {
        var event = ""
        var id = ""
        var data: JSON = .null
    }

    private static func messages(_ answer: HTTPAnswer) throws -> [Message] {
        try answer.text.split(separator: "\n\n").map { block in
            var message = Message()
            for line in block.split(separator: "\n") {
                if line.hasPrefix("event: ") { message.event = String(line.dropFirst(7)) }
                if line.hasPrefix("id: ") { message.id = String(line.dropFirst(4)) }
                if line.hasPrefix("data: ") { message.data = try JSON.parse(String(line.dropFirst(6))) }
            }
            return message
        }
    }

    private static func stream(_ body: JSON, _ host: RunningHost) async throws -> HTTPAnswer {
        try await host.post("/api/v1/process", body, headers: [("Accept", "text/event-stream")])
    }

    @Test("of a model says at its end what its text must come to")
    func digest() async throws {
        try await SharedHost.with { host async throws in
            let messages = try Self.messages(try await Self.stream(["task_type": "local", "prompt": "hello"], host))
            let text = messages.compactMap { $0.data["text"]?.stringValue }.joined()
            #expect(text.hasSuffix("You said: hello"))
            #expect(messages.last?.event == "done")
            #expect(
                messages.last?.data["sha256"]
                    == "6a3866e4a6a1b505c12f5ecc8a0f49f7c9fb4230ef653ec5ff4812fe279f52e5"
            )
            #expect(messages.last?.data["audit_id"] == messages.first?.data["request_id"])
        }
    }

    @Test(
        "goes from accepted over the skill's events to done, numbered without a gap",
        arguments: ["inproc", "sandbox"]
    )
    func events(_ mode: String) async throws {
        let config = "plugins: { test/curious: { isolation: \(mode) } }\n"
        try await CuriousPlugin.installed(config: config) { host async throws in
            let answer = try await Self.stream(["task_type": "curious", "operation": "talk"], host)
            #expect(answer.status == 200)
            #expect(answer["Content-Type"] == "text/event-stream; charset=utf-8")
            let messages = try Self.messages(answer)
            #expect(messages.map(\.event) == ["accepted", "delta", "delta", "delta", "done"])
            #expect(messages.map(\.id) == ["1", "2", "3", "4", "5"])
            #expect(messages.first?.data["request_id"]?.stringValue == answer.requestID)
            #expect(messages.dropFirst().prefix(3).map(\.data) == [1, 2, 3].map { ["data": ["piece": $0]] })
            #expect(messages.last?.data["result"] == ["pieces": 3])
            #expect(messages.last?.data["provider"] == "skill:curious")
            #expect(try await host.auditEvent(answer.requestID)?["status"] == "success")
        }
    }

    @Test("of a skill that emits nothing is accepted and done")
    func noEvents() async throws {
        try await SharedHost.with { host in
            let answer = try await Self.stream(["task_type": "echo", "prompt": "hi"], host)
            let messages = try Self.messages(answer)
            #expect(messages.map(\.event) == ["accepted", "done"])
            #expect(messages.last?.data["result"]?["echoed_prompt"] == "hi")
        }
    }

    @Test(
        "that fails before its first event is answered with the status of the failure",
        arguments: [
            ("refuse", 400, "not_today"), ("crash", 502, "plugin_crashed"), ("nosuch", 400, "unsupported_operation"),
        ]
    )
    func failsEarly(_ operation: String, _ status: Int, _ code: String) async throws {
        try await CuriousPlugin.installed { host async throws in
            let answer = try await Self.stream(["task_type": "curious", "operation": .string(operation)], host)
            #expect(answer.status == status, "\(answer.text)")
            #expect(answer["Content-Type"] == "application/json; charset=utf-8")
            #expect(answer.json["error"]?["code"]?.stringValue == code)
        }
    }

    @Test("whose client leaves before the first event is cancelled at once", arguments: ["inproc", "process"])
    func clientLeaves(_ mode: String) async throws {
        let scratch = try ScratchFolder()
        let plugin = try PluginFixture.folder(
            source: SourceTree.path("Tests/Acceptance/Fixtures/slow.c"),
            manifest: PluginFixture.manifest(name: "test/slow", taskType: "slow", operations: ["wait"], timeout: "20")
        )
        let config = "plugins:\n  test/slow:\n    isolation: \(mode)\n    config: { folder: \"\(scratch.path)\" }\n"
        try await RunningHost.with(config: config, arguments: ["--plugin", plugin]) { host async throws in
            let headers = host.header(of: .admin) + [("Accept", "text/event-stream")]
            try await host.connected { connection in
                let body = JSON.object(["task_type": "slow"]).encoded()
                connection.send(HTTPBytes.request("POST", "/api/v1/process", headers: headers, body: body))
                for _ in 0..<10_000 where access(scratch.path + "/started", F_OK) != 0 { usleep(1000) }
            }
            var events: [JSON] = []
            // The call itself would take 20 seconds.
            for _ in 0..<100 where events.isEmpty {
                try await Task.sleep(for: .milliseconds(50))
                events = try await host.auditEvents()
            }
            #expect(events.map { $0["error_code"] } == ["cancelled"])
        }
    }

    @Test("without a key is refused as ever")
    func noKey() async throws {
        try await SharedHost.with { host in
            let answer = try await host.post(
                "/api/v1/process",
                ["task_type": "echo", "prompt": "hi"],
                as: .none,
                headers: [("Accept", "text/event-stream")]
            )
            #expect(answer.status == 401)
            #expect(answer.json["error"]?["code"] == "missing_api_key")
        }
    }
}
