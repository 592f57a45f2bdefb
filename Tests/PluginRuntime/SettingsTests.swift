import CPraximous
import Core
import PluginRuntime
import PraximousJSON
import Testing

@Suite("What a plugin asks of its host", .timeLimit(.minutes(1))) struct SettingsTests {
    static let config: JSONObject = [
        "": "the empty name", "list": ["zero", ["deep": true]], "a/b": 1, "m~n": 2, "~1": 3, "none": nil,
    ]

    @Test(
        "its configuration by JSON pointer",
        arguments: [
            ("/", #""the empty name""#), ("/list", #"["zero",{"deep":true}]"#), ("/list/0", #""zero""#),
            ("/list/1/deep", "true"), ("/a~1b", "1"), ("/m~0n", "2"), ("/~01", "3"), ("/none", "null"),
        ]
    )
    func found(pointer: String, value: String) async throws {
        let plugin = try Rendezvous(config: Self.config)
        #expect(await plugin.call("config:" + pointer).text == value)
    }

    @Test(
        "nothing where the pointer names nothing",
        arguments: [
            "list", "/list/2", "/list/-1", "/list/+1", "/list/01", "/list/-", "/list/0/x", "/list/", "//", "/LIST",
            "/list/99999999999999999999", "/none/x", " ", "/a/b", "/\u{FFFD}",
        ]
    )
    func notFound(pointer: String) async throws {
        let plugin = try Rendezvous(config: Self.config)
        #expect(await plugin.call("config:" + pointer).failure?.kind == .notFound)
    }

    @Test("the whole configuration by the empty pointer")
    func whole() async throws {
        let plugin = try Rendezvous(config: ["number": 7])
        let text = try #require(await plugin.call("config:").text)
        #expect(try JSON.parse(text)["number"] == 7)
    }

    @Test("a secret that skill.yaml declares, whether or not it is set, and no other")
    func secrets() async throws {
        let set = try Rendezvous(secrets: ["TOKEN": Secret("sesame")])
        #expect(await set.call("secret:TOKEN").text == "6")
        let empty = try Rendezvous(secrets: ["TOKEN": Secret("")])
        #expect(await empty.call("secret:TOKEN").text == "0")
        let unset = try Rendezvous()
        #expect(await unset.call("secret:TOKEN").failure?.kind == .notFound)
        #expect(await unset.call("secret:PATH").failure?.kind == .denied)
        #expect(await unset.call("secret:").failure?.kind == .denied)
    }

    @Test("tables that are the same each time, and none that do not exist")
    func tables() async throws {
        #expect(await (try Rendezvous()).call("same_tables").text == "0")
    }
}
