import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("Identity") struct IdentityTests {
    private static let questions =
        "System Name (e.g. Praximous-Acme): Business Name: Industry: Persona Style (tone): "
        + "Sensitivity Level (Low/Medium/High): Location: "

    @Test("init asks the original's questions in their order and writes the answers")
    func interactive() async throws {
        try await RunningHost.with(isStarted: false) { host async throws in
            let answers = ["Praximous-Acme", "Acme Ltd", "Tools", "Dry", "Low", "Berlin", "", "", "", "", "done"]
            let result = try await host.cli(["init"], input: answers.joined(separator: "\n") + "\n")
            #expect(result.exitCode == 0)
            #expect(result.errors.hasPrefix(Self.questions))
            #expect(result.errors.contains("'http://localhost:11434'"))
            #expect(result.errors.hasSuffix("Add/update another env variable? (yes/no/done): "))
            #expect(
                try text(host, "config/identity.yaml") == """
                    system_name: "Praximous-Acme"
                    business_name: "Acme Ltd"
                    industry: "Tools"
                    persona_style: "Dry"
                    sensitivity_level: "Low"
                    location: "Berlin"

                    """
            )
            #expect(try text(host, "config/.env") == "OLLAMA_API_URL=http://localhost:11434\n")
        }
    }

    @Test("init keeps what it is told about providers in config/.env, for its owner alone")
    func credentials() async throws {
        try await RunningHost.with(isStarted: false) { host async throws in
            let answers =
                Array(repeating: "", count: 6)
                + ["an-anthropic-key", "", "http://ollama:1", "", "yes", "my_own", "a value", "maybe", "no"]
            let result = try await host.cli(["init"], input: answers.joined(separator: "\n") + "\n")
            #expect(result.exitCode == 0)
            #expect(!result.output.contains("an-anthropic-key"))
            let lines = try text(host, "config/.env").split(separator: "\n")
            #expect(lines.contains("ANTHROPIC_API_KEY=an-anthropic-key"))
            #expect(lines.contains("OLLAMA_API_URL=http://ollama:1"))
            #expect(lines.contains { $0.hasPrefix("MY_OWN=") && $0.contains("a value") })
            let mode = try FileManager.default.attributesOfItem(atPath: host.root + "/config/.env")[.posixPermissions]
            #expect(mode as? Int == 0o600)
        }
    }

    @Test("init --yes takes the defaults, and does not replace an identity unless told to")
    func defaults() async throws {
        try await RunningHost.with(isStarted: false) { host async throws in
            #expect(try await host.cli(["init", "--yes", "--location", "Rome"]).exitCode == 0)
            let identity = try text(host, "config/identity.yaml")
            #expect(identity.contains("system_name: \"Praximous-Default\""))
            #expect(identity.contains("location: \"Rome\""))
            #expect(try await host.cli(["init", "--yes"]).exitCode == 7)
            #expect(try text(host, "config/identity.yaml") == identity)
            #expect(try await host.cli(["init", "--yes", "--force", "--industry", "New"]).exitCode == 0)
            #expect(try text(host, "config/identity.yaml").contains("industry: \"New\""))
        }
    }

    @Test("init that cannot ask to the end, or gets a wrong answer, leaves no identity")
    func refused() async throws {
        try await RunningHost.with(isStarted: false) { host async throws in
            #expect(try await host.cli(["init"], input: "Acme\n").exitCode == 2)
            #expect(try await host.cli(["init", "--yes", "--sensitivity-level", "Extreme"]).exitCode == 2)
            #expect(!FileManager.default.fileExists(atPath: host.root + "/config/identity.yaml"))
        }
    }

    @Test("rename changes the name and keeps the rest")
    func rename() async throws {
        try await RunningHost.with(
            files: ["config/identity.yaml": "system_name: Old\nbusiness_name: Acme\nown_key: kept\n"],
            isStarted: false
        ) { host async throws in
            let result = try await host.cli(["rename", "New \"Name\": #1"])
            #expect(result.exitCode == 0)
            #expect(result.output.hasPrefix("System renamed from 'Old' to 'New \"Name\": #1'"))
            let identity = try text(host, "config/identity.yaml")
            #expect(identity.contains("own_key: \"kept\""))
            #expect(identity.contains("business_name: \"Acme\""))
            #expect(try await host.cli(["rename", "Third"]).output.contains("from 'New \"Name\": #1' to 'Third'"))
        }
    }

    @Test("rename and reset-identity without an identity end with 3")
    func missing() async throws {
        try await RunningHost.with(isStarted: false) { host async throws in
            let rename = try await host.cli(["rename", "X"])
            #expect(rename.exitCode == 3)
            #expect(rename.errors.contains("not found. Cannot rename."))
            let reset = try await host.cli(["reset-identity", "--yes"])
            #expect(reset.exitCode == 3)
            #expect(reset.errors.contains("not found. Nothing to reset."))
        }
    }

    @Test(
        "reset-identity deletes after a yes, and ends with 8 after anything else",
        arguments: [
            ("yes\n", 0), (" YES \n", 0), ("no\n", 8), ("\n", 8), ("", 8), ("y\n", 8),
        ]
    )
    func reset(_ input: String, _ exitCode: Int32) async throws {
        try await RunningHost.with(files: ["config/identity.yaml": "system_name: X\n"], isStarted: false) {
            host async throws in
            let result = try await host.cli(["reset-identity"], input: input)
            #expect(result.exitCode == exitCode)
            #expect(result.errors.contains("(yes/no): "))
            let isThere = FileManager.default.fileExists(atPath: host.root + "/config/identity.yaml")
            #expect(isThere == (exitCode != 0))
        }
    }

    @Test("keeps the flags of the original")
    func aliases() async throws {
        try await RunningHost.with(isStarted: false) { host async throws in
            #expect(try await host.cli(["--init", "--yes"]).exitCode == 0)
            #expect(try await host.cli(["--rename", "Again"]).exitCode == 0)
            #expect(try text(host, "config/identity.yaml").contains("system_name: \"Again\""))
            #expect(try await host.cli(["--reset-identity"], input: "yes\n").exitCode == 0)
            let key = try await host.cli(["--generate-api-key"])
            #expect(key.exitCode == 0)
            #expect(key.output.wholeMatch(of: /prax_live_[a-z2-7]{12}_[0-9A-Za-z]{49}\n/) != nil)
        }
    }

    private func text(_ host: RunningHost, _ name: String) throws -> String {
        try String(contentsOfFile: host.root + "/" + name, encoding: .utf8)
    }
}
