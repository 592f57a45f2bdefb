import PraximousJSON
import TestSupport
import Testing

@Suite("Providers on the command line", .timeLimit(.minutes(2))) struct ProviderCommandTests {
    private static let file = """
        providers:
        - { name: gpt, type: openai, model: m, priority: 1 }
        - { name: near, type: openai, base_url: "http://127.0.0.1:9/v1", model: gemma, api_key_env: MY_KEY }
        - { name: built_in, type: local }
        - { name: resting, type: ollama, model: x, enabled: false }

        """
    private static let files = ["config/providers.yaml": file]
    private static let environment = ["MY_KEY": "sk-secret"]

    private static func finding(_ subject: String, in result: RunningHost.CommandResult) throws -> JSON {
        let findings = try JSON.parse(result.output)["findings"]?.arrayValue ?? []
        return try #require(findings.first { $0["section"] == "providers" && $0["subject"] == .string(subject) })
    }

    @Test("are listed with what is known of them, and no key")
    func list() async throws {
        try await RunningHost.with(files: Self.files, environment: Self.environment, isStarted: false) {
            host async throws in
            let result = try await host.cli(["providers", "list", "--json"])
            let list = try JSON.parse(result.output)["providers"]?.arrayValue ?? []
            #expect(list.map { $0["name"] } == ["gpt", "near", "built_in", "resting"])
            #expect(list.map { $0["key"] } == ["missing", "present", "none", nil])
            #expect(list.map { $0["state"] } == ["enabled", "enabled", "enabled", "disabled"])
            #expect(list.first?["variable"] == "OPENAI_API_KEY")
            #expect(list.first?["base_url"] == "https://api.openai.com/v1")
            let table = try await host.cli(["providers", "list"]).output
            #expect(table.hasPrefix("NAME      TYPE    MODEL"))
            #expect(!(result.output + table).contains("sk-secret"))
        }
    }

    @Test("are looked at by the doctor, who asks the network only when told so")
    func doctor() async throws {
        try await RunningHost.with(files: Self.files, environment: Self.environment, isStarted: false) {
            host async throws in
            let quiet = try await host.cli(["doctor", "--json"])
            #expect(quiet.exitCode == 0, "\(quiet.output)")
            #expect(try Self.finding("gpt", in: quiet)["state"] == "note")
            let fix = try Self.finding("gpt", in: quiet)["fix"]?.stringValue ?? ""
            #expect(fix.hasPrefix("set OPENAI_API_KEY in the environment or in config/.env"))
            #expect(
                try Self.finding("near", in: quiet)["detail"]
                    == "openai at http://127.0.0.1:9/v1, its key is set"
            )
            let asking = try await host.cli(["doctor", "--json", "--network"])
            #expect(asking.exitCode == 11)
            #expect(
                try Self.finding("near", in: asking)["detail"]
                    == "127.0.0.1:9 cannot be reached: Connection refused"
            )
        }
        try await RunningHost.with(files: ["config/providers.yaml": "providers: 3\n"], isStarted: false) {
            host async throws in
            let doctor = try await host.cli(["doctor", "--json"])
            #expect(doctor.exitCode == 11)
            #expect(try Self.finding("config/providers.yaml", in: doctor)["state"] == "bad")
        }
    }

    @Test("are asked for their health and their models")
    func test() async throws {
        try await RunningHost.with(files: Self.files, environment: Self.environment, isStarted: false) {
            host async throws in
            let well = try await host.cli(["providers", "test", "built_in"])
            #expect(well.exitCode == 0, "\(well.errors)")
            #expect(well.output == "built_in is well and offers 1 models:\n  praximous-local\n")
            let gone = try await host.cli(["providers", "test", "near"])
            #expect(gone.exitCode == 6, "\(gone.errors)")
            #expect(!gone.errors.contains("sk-secret"))
            #expect(try await host.cli(["providers", "test", "resting"]).exitCode == 3)
        }
    }
}
