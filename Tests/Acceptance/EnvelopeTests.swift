import PraximousJSON
import TestSupport
import Testing

@Suite("The process API") struct EnvelopeTests {
    @Test("answers with the envelope of the original and the additions")
    func success() async throws {
        try await RunningHost.with { host async throws in
            let answer = try await host.process(["task_type": "echo", "prompt": "Hello Praximous!"])
            #expect(answer.status == 200)
            let json = answer.json
            #expect(
                json.objectValue?.keys
                    == ["status", "result", "message", "details", "request_id", "provider", "usage", "latency_ms"]
            )
            #expect(json["status"] == "success")
            #expect(
                json["result"] == ["echoed_prompt": "Hello Praximous!", "message": "Prompt was successfully echoed."]
            )
            #expect(json["message"] == .null)
            #expect(json["details"] == .null)
            #expect(json["provider"] == "skill:echo")
            #expect(json["request_id"]?.stringValue == answer.requestID)
            #expect(isUUID(answer.requestID ?? ""))
            #expect((json["latency_ms"]?.doubleValue ?? -1) > 0)
        }
    }

    @Test(
        "keeps every character of a prompt",
        arguments: [
            "", "é", "e\u{301}", "日本語", "👩‍👩‍👧‍👦", "\u{0}", "\u{FFFF}", "\u{10FFFF}", "\"\\/\u{8}\u{C}\n\r\t", "</script>",
            "\u{2028}\u{2029}",
            "%00%ff", "{\"task_type\":\"x\"}",
        ]
    )
    func text(_ prompt: String) async throws {
        try await SharedHost.with { host async throws in
            let answer = try await host.process(["task_type": "echo", "prompt": .string(prompt)])
            #expect(answer.json["result"]?["echoed_prompt"]?.stringValue?.utf8.elementsEqual(prompt.utf8) == true)
        }
    }

    @Test("answers what the original's tests ask for, in its words")
    func originalTexts() async throws {
        try await SharedHost.with { host async throws in
            let unknown = try await host.process(["task_type": "non_existent_skill", "prompt": "x"])
            expectError(
                unknown,
                404,
                "unknown_task_type",
                detail: "Skill or LLM route 'non_existent_skill' not found."
            )
            let capabilities = try await host.get("/api/v1/skills/non_existent_skill/capabilities")
            expectError(capabilities, 404, "unknown_skill", detail: "Skill 'non_existent_skill' not found.")

            let missing = try await host.process(["prompt": "x"])
            #expect(missing.status == 422)
            let fields = missing.json["error"]?["fields"]?.arrayValue ?? []
            #expect(fields.first?["loc"] == ["body", "task_type"])
            #expect(fields.first?["msg"]?.stringValue?.lowercased().contains("field required") == true)

            let skills = try await host.get("/api/v1/skills").json
            for name in ["echo", "text_manipulation", "simple_math"] {
                #expect(skills[name]?["skill_name"] == .string(name))
                #expect(skills[name]?["description"]?.stringValue?.isEmpty == false)
            }
            let one = try await host.get("/api/v1/skills/simple_math/capabilities").json
            #expect(one["skill_name"] == "simple_math")
            #expect(one["operations"]?.objectValue?.isEmpty == false)
        }
    }

    @Test("computes and manipulates as the original's tests ask")
    func originalSkills() async throws {
        try await SharedHost.with { host async throws in
            let upper = try await host.process(
                ["task_type": "text_manipulation", "operation": "uppercase", "prompt": "hello world"]
            )
            #expect(upper.status == 200)
            #expect(upper.text.contains("HELLO WORLD"))
            let sum = try await host.process(["task_type": "simple_math", "operation": "add", "num1": 5, "num2": 3])
            #expect(sum.json["result"]?["result"]?.doubleValue == 8)
            let zero = try await host.process(["task_type": "simple_math", "operation": "divide", "num1": 5, "num2": 0])
            #expect(zero.status == 400)
            let missing = try await host.process(["task_type": "simple_math", "operation": "add", "num1": 5])
            #expect(missing.status == 400)
            let unknown = try await host.process(
                ["task_type": "text_manipulation", "operation": "no_such", "prompt": "hello"]
            )
            #expect(unknown.status == 400)
            #expect(unknown.json["detail"]?.stringValue?.hasPrefix("Unsupported operation: no_such") == true)
        }
    }

    @Test("names every field that is wrong")
    func wrongFields() async throws {
        try await SharedHost.with { host async throws in
            let answer = try await host.process(["task_type": 5, "prompt": ["a"]])
            expectError(answer, 422, "invalid_request")
            let places = answer.json["error"]?["fields"]?.arrayValue?.map { $0["loc"] }
            #expect(places == [["body", "task_type"], ["body", "prompt"]])
            for body: JSON in [["a"], "text", 5, nil, true] {
                let answer = try await host.process(body)
                expectError(answer, 422, "invalid_request")
            }
        }
    }

    @Test("gives every request another id")
    func ids() async throws {
        try await SharedHost.with { host async throws in
            var ids: Set<String> = []
            for _ in 0..<20 { ids.insert(try await host.get("/healthz").requestID ?? "") }
            #expect(ids.count == 20)
        }
    }
}
