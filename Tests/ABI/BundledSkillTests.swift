import Testing

/// The C skills that ship with the host, run in the smallest host there is, under the sanitisers.
@Suite("Bundled C skills") struct BundledSkillTests {
    struct Call: Sendable, CustomTestStringConvertible {
        let skill: String
        let parameters: String
        var isCancelled = false
        let answer: String

        var testDescription: String { "\(skill) \(parameters)\(isCancelled ? ", cancelled" : "")" }
    }

    static let calls = [
        Call(
            skill: "echo",
            parameters: #"{"operation": "any", "prompt" : "Say \"hi\"\n\u00e9"}"#,
            answer: #"finish {"echoed_prompt":"Say \"hi\"\n\u00e9","message":"Prompt was successfully echoed."}"#
        ),
        Call(
            skill: "echo",
            parameters: #"{"prompt": ""}"#,
            answer: #"finish {"echoed_prompt":"","message":"Prompt was successfully echoed."}"#
        ),
        Call(
            skill: "echo",
            parameters: #"{"prompt": 3}"#,
            answer: "fail -1 bad_prompt: 'prompt' must be a string."
        ),
        Call(
            skill: "template",
            parameters: #"{"prompt": "a\"b", "operation": "x", "size": 3, "deep": {"prompt": [1, {}]}}"#,
            answer: #"finish {"message":"Executed default operation with prompt: a\"b","#
                + #""params_received":{"size":3,"deep":{"prompt": [1, {}]}}}"#
        ),
        Call(
            skill: "template",
            parameters: #"{"prompt": "alone"}"#,
            answer: #"finish {"message":"Executed default operation with prompt: alone","params_received":{}}"#
        ),
        Call(
            skill: "template",
            parameters: #"{"prompt": null}"#,
            answer: #"fail -1 bad_prompt: Invalid Prompt ("'prompt' must be a string.")"#
        ),
        Call(
            skill: "template",
            parameters: #"{"prompt": "x"}"#,
            isCancelled: true,
            answer: "fail -5 cancelled: Stopped before the end."
        ),
    ]

    @Test("answers each call once and as documented", arguments: calls)
    func answers(_ call: Call) throws {
        let output = try run(call.skill, call.parameters, isCancelled: call.isCancelled)
        #expect(output.contains(call.answer + "\n"))
        #expect(output.contains("status 0, ended 1 times"))
    }

    @Test("echo copies a prompt that is larger than its buffer on the stack")
    func echoesLongPrompts() throws {
        let prompt = String(repeating: "0123456789", count: 1000)
        let output = try run("echo", #"{"prompt":"\#(prompt)"}"#)
        #expect(output.contains(#"finish {"echoed_prompt":"\#(prompt)","message""#))
    }

    private func run(_ skill: String, _ parameters: String, isCancelled: Bool = false) throws -> String {
        let scratch = try Scratch()
        let library = scratch.file("skill.so")
        let sanitizers = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
        let built = try Command.run(
            ["gcc", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"] + sanitizers
                + PluginLibrary.flags + ["-o", library, Repository.path("Plugins/Skills/\(skill)/\(skill).c")]
        )
        #expect(built.output == "")
        return try MiniHost.run(library, parameters, isCancelled: isCancelled, flags: sanitizers)
    }
}

/// Tests/ABI/Fixtures/mini_host.c.
enum MiniHost {
    static func run(
        _ library: String,
        _ parameters: String,
        isCancelled: Bool = false,
        flags: [String] = []
    ) throws -> String {
        let scratch = try Scratch()
        let program = scratch.file("mini_host")
        let source = Repository.path("Tests/ABI/Fixtures/mini_host.c")
        let built = try Command.run(
            ["gcc", "-std=gnu11", "-Wall", "-Wextra", "-Werror"] + flags
                + ["-I", Repository.headers, "-o", program, source, "-ldl"]
        )
        guard built.status == 0 else { return built.output }
        return try Command.run([program, library, "operation", parameters] + (isCancelled ? ["cancelled"] : [])).output
    }
}

/// How the README says that a plugin in C is linked.
enum PluginLibrary {
    static let flags =
        ["-fPIC", "-fvisibility=hidden", "-shared", "-I", Repository.headers]
        + ["-Wl,--version-script=\(Repository.exportsMap)"]
}
