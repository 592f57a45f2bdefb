import PraximousJSON
import TestSupport
import Testing

@Suite("The audit log") struct AuditTests {
    @Test("has exactly one row for each request, the refused ones too, with the key's id")
    func oneRow() async throws {
        try await RunningHost.with { host async throws in
            let id = String(host.key.dropFirst("prax_live_".count).prefix(12))
            let answers = [
                try await host.process(["task_type": "echo", "prompt": "hi"]),
                try await host.process(["task_type": "echo"]),
                try await host.process(["task_type": "missing", "prompt": "x"]),
                try await host.send("POST", "/api/v1/process", body: Array("{".utf8)),
                try await host.process(["task_type": "echo", "prompt": "x"], as: .none),
                try await host.process(["task_type": "echo", "prompt": "x"], as: .key("wrong")),
            ]
            #expect(answers.map(\.status) == [200, 422, 404, 422, 401, 403])
            let events = try await host.auditEvents()
            #expect(events.map { $0["request_id"]?.stringValue } == answers.reversed().map(\.requestID))
            let oldestFirst = Array(events.reversed())
            #expect(oldestFirst.map { $0["status"] } == ["success", "error", "error", "error", "error", "error"])
            #expect(
                oldestFirst.map { $0["error_code"] } == [
                    .null, "invalid_parameters", "unknown_task_type", "invalid_json", "missing_api_key",
                    "invalid_api_key",
                ]
            )
            let known = JSON.string(id)
            #expect(oldestFirst.map { $0["key_id"] } == [known, known, known, known, .null, .null])
            #expect(oldestFirst[0]["task_type"] == "echo")
            #expect(oldestFirst[0]["operation"] == "echo_operation")
            #expect(oldestFirst[0]["provider"] == "skill:echo")
            #expect(oldestFirst[0]["client_address"] == "127.0.0.1")
            #expect((oldestFirst[0]["latency_us"]?.intValue ?? 0) > 0)
            #expect(oldestFirst[0]["request_bytes"] == 34)
            #expect(try await host.auditEvent(answers[2].requestID)?["task_type"] == "missing")
        }
    }

    @Test("is listed a line for each row, whatever was asked for")
    func oneLine() async throws {
        try await RunningHost.with { host async throws in
            _ = try await host.process(["task_type": "a\nFORGED\u{1B}[31m", "prompt": "x"])
            let lines = try await host.cli(["audit", "list"]).output.split(separator: "\n")
            #expect(lines.count == 2)
            #expect(lines.last?.contains(#"a\nFORGED\x1b[31m"#) == true)
        }
    }

    @Test("shows what was done to which plugin, and by whom, without --json as well")
    func administration() async throws {
        try await RunningHost.with(isStarted: false) { host async throws in
            #expect(try await host.cli(["plugins", "disable", "praximous/echo"]).exitCode == 0)
            #expect(try await host.cli(["plugins", "remove", "acme/none"]).exitCode == 3)
            let lines = try await host.cli(["audit", "list"]).output.split(separator: "\n")
            let columns = lines.map { $0.split(separator: " ").map(String.init) }
            #expect(
                columns.first == ["TIME", "REQUEST", "BY", "SKILL", "OPERATION", "PROVIDER", "STATUS", "CODE", "MS"]
            )
            #expect(
                columns.dropFirst().map { Array($0[4...7]) } == [
                    ["plugins.remove", "plugin:acme/none", "error", "not_installed"],
                    ["plugins.disable", "plugin:praximous/echo@1.0.0", "success", "-"],
                ]
            )
            #expect(columns.dropFirst().allSatisfy { $0[2].hasPrefix("cli:") })
        }
    }

    @Test("can be read page by page, and says when a request is not there")
    func pages() async throws {
        try await RunningHost.with { host async throws in
            var ids: [String?] = []
            for number in 0..<5 {
                ids.append(try await host.process(["task_type": "echo", "prompt": .string("\(number)")]).requestID)
            }
            let first = try JSON.parse(try await host.cli(["audit", "list", "--limit", "3", "--json"]).output)
            #expect(first["events"]?.arrayValue?.map { $0["request_id"]?.stringValue } == [ids[4], ids[3], ids[2]])
            let next = try #require(first["next"]?.stringValue)
            let second = try JSON.parse(try await host.cli(["audit", "list", "--before", next, "--json"]).output)
            #expect(second["events"]?.arrayValue?.map { $0["request_id"]?.stringValue } == [ids[1], ids[0]])
            #expect(second["next"] == .null)
            let table = try await host.cli(["audit", "list"]).output
            #expect(table.hasPrefix("TIME"))
            #expect(table.contains(ids[0] ?? "-"))
            #expect(try await host.cli(["audit", "list", "--request-id", "none"]).exitCode == 3)
            #expect(try await host.cli(["audit", "list", "--limit", "0"]).exitCode == 2)
            #expect(try await host.cli(["audit", "list", "--before", "x"]).exitCode == 2)
        }
    }

    @Test("is empty before the first start")
    func missing() async throws {
        try await RunningHost.with(isStarted: false) { host async throws in
            let list = try await host.cli(["audit", "list", "--json"])
            #expect(list.exitCode == 0)
            #expect(list.output == "{\"events\":[],\"next\":null}\n")
        }
    }
}
