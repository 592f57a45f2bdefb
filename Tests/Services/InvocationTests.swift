import Core
import PluginRuntime
import PraximousJSON
import Services
import TestSupport
import Testing

@Suite struct InvocationTests {
    private let plugin: TestPlugin

    init() throws { plugin = try TestPlugin() }

    private func error(
        _ target: String,
        _ permissions: [Permission],
        request: String = "{}",
        isOver: Bool = false
    ) throws -> ServiceError? {
        let services = try plugin.services(permissions)
        let invocation = plugin.invocation(target, request: Array(request.utf8), isOver: isOver)
        do throws(ServiceError) {
            _ = try services.startInvocation(invocation, events: HeardInvocation())
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "a skill is called by its task type or its full name",
        arguments: ["skill:ocr/read_page", "skill:acme/pdf-ocr/read_page"]
    )
    func calls(target: String) throws {
        let services = try plugin.services([.invokeSkills(["acme/pdf-ocr"])])
        let heard = HeardInvocation()
        let invocation = plugin.invocation(target, request: Array("{\"page\":1}".utf8), ancestors: ["acme/outer"])
        _ = try services.startInvocation(invocation, events: heard)
        let child = try #require(plugin.started.all.first)
        #expect(child.plugin.description == "acme/pdf-ocr")
        #expect(child.operation == "read_page")
        #expect(child.request == Array("{\"page\":1}".utf8))
        #expect(child.wantsEvents)
        #expect(child.parent.context.requestID == "req-1")
        #expect(child.ancestors == ["acme/outer", "acme/notes"])
        #expect(heard.failure == nil)
    }

    @Test(
        "a skill is called only by who may, and what is not allowed tells nothing about what is installed",
        arguments: [
            ("skill:ocr/read", [.invokeSkills(["*"])], nil), ("skill:none/read", [.invokeSkills(["*"])], .notFound),
            ("skill:none/read", [.invokeSkills(["acme/pdf-ocr"])], .denied),
            ("skill:acme/none/read", [.invokeSkills(["acme/pdf-ocr"])], .denied),
            ("skill:ocr/read", [.invokeSkills(["acme/other"])], .denied),
            ("skill:ocr/read", [.invokeSkills(["ocr"])], .denied),
            ("skill:ocr/read", [.invokeModels(capabilities: ["chat"], maxTokensPerCall: nil)], .denied),
            ("chat:gpt", [.invokeSkills(["*"])], .denied),
            ("chat:gpt", [.invokeModels(capabilities: ["rank"], maxTokensPerCall: nil)], .denied),
            ("embed:e5", [.invokeModels(capabilities: ["chat"], maxTokensPerCall: nil)], .denied),
        ] as [(String, [Permission], ServiceError?)]
    )
    func judges(target: String, permissions: [Permission], expected: ServiceError?) throws {
        #expect(try error(target, permissions) == expected)
        #expect(plugin.notes.all.count == (expected == .denied ? 1 : 0))
        #expect(plugin.started.all.count == (expected == nil ? 1 : 0))
    }

    @Test(
        "a model is asked with the tokens its permission allows",
        arguments: [("chat", 50), ("embed", nil)] as [(String, Int?)]
    )
    func asksModel(capability: String, maxTokens: Int?) throws {
        let permission = Permission.invokeModels(capabilities: [capability], maxTokensPerCall: maxTokens)
        #expect(try error(capability + ":gpt", [permission]) == nil)
        let child = try #require(plugin.asked.all.first)
        #expect(child.model == "gpt")
        #expect(child.capability.rawValue == capability)
        #expect(child.maxTokens == maxTokens)
    }

    @Test(
        "a target that is spelled otherwise is invalid",
        arguments: [
            "", "ocr", "skill:", "skill:ocr", "skill:/read", "skill:ocr/", "Skill:ocr/read", "http://a.example/",
            "chat:", "skill:" + String(repeating: "x", count: 600) + "/read",
        ]
    )
    func isSpelledWrongly(target: String) throws {
        #expect(try error(target, [.invokeSkills(["*"])]) == .invalid)
    }

    @Test("a request that is not one JSON value is invalid", arguments: ["", "{", "{} {}", "\"\u{0}\""])
    func isNoJSON(request: String) throws {
        #expect(try error("skill:ocr/read", [.invokeSkills(["*"])], request: request) == .invalid)
    }

    @Test("a call that is over starts no child")
    func isOver() throws {
        #expect(try error("skill:ocr/read", [.invokeSkills(["*"])], isOver: true) == .cancelled)
        #expect(plugin.started.all.isEmpty)
    }

    @Test("the eighth call in a chain is started, the ninth ends as too deep")
    func depth() throws {
        let services = try plugin.services([.invokeSkills(["*"])])
        let ancestors = (1...8).map { "acme/skill-\($0)" }
        let eighth = HeardInvocation()
        _ = try services.startInvocation(
            plugin.invocation("skill:ocr/read", ancestors: Array(ancestors.prefix(7))),
            events: eighth
        )
        #expect(eighth.failure == nil)
        #expect(plugin.started.all.count == 1)
        let ninth = HeardInvocation()
        let ended = try services.startInvocation(
            plugin.invocation("skill:ocr/read", ancestors: ancestors),
            events: ninth
        )
        ended.cancel()
        ended.consumed(100)
        #expect(ninth.failure?.code == "too_deep")
        #expect(ninth.failure?.message.hasSuffix("acme/skill-7 > acme/skill-8 > acme/notes.") == true)
        #expect(plugin.started.all.count == 1)
    }
}
