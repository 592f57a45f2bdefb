import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("The providers of a running host", .timeLimit(.minutes(2))) struct ProviderReloadTests {
    private static func file(_ names: String...) -> String {
        "providers:\n"
            + names.map { "- { name: \($0), type: test/provider, base_url: \"http://127.0.0.1:9/\($0)\", model: m }\n" }
            .joined()
    }

    private static func providers(_ host: RunningHost) async throws -> [JSON] {
        try await host.get("/api/v1/providers").json["providers"]?.arrayValue ?? []
    }

    private static func names(_ host: RunningHost) async throws -> [String] {
        try await providers(host).compactMap { $0["name"]?.stringValue }
    }

    /// Within a second and a little, as is promised.
    private static func becomes(_ host: RunningHost, _ condition: (RunningHost) async throws -> Bool) async throws
        -> Bool
    {
        for _ in 0..<150 {
            if try await condition(host) { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }

    private static func write(_ text: String, _ host: RunningHost) throws {
        try text.write(toFile: host.root + "/config/providers.yaml", atomically: true, encoding: .utf8)
    }

    private static func start<Result>(
        _ text: String,
        config: String? = nil,
        _ body: (RunningHost) async throws -> Result
    ) async throws -> Result {
        try await RunningHost.with(
            config: config,
            files: ["config/providers.yaml": text],
            arguments: ["--plugin", try ProviderFixture.folder()],
            body
        )
    }

    @Test("are an instance each")
    func listed() async throws {
        try await Self.start(Self.file("one", "two")) { host async throws in
            #expect(
                try await Self.becomes(host) { try await Self.providers($0).allSatisfy { $0["state"] == "running" } }
            )
            let first = try #require(try await Self.providers(host).first)
            #expect(first["name"] == "one")
            #expect(first["type"] == "test/provider")
            #expect(first["models"] == ["m"])
            #expect(first["last_error"] == .null)
            let plugins = try await host.get("/api/v1/plugins").json["plugins"]?.arrayValue ?? []
            let instances = plugins.filter { $0["name"] == "test/provider" }
            #expect(instances.map { $0["provider"] } == ["one", "two"])
            #expect(Set(instances.map { $0["pid"]?.intValue }).count == 2)
        }
    }

    @Test("follow the file within a second, each way of saving it")
    func follow() async throws {
        try await Self.start(Self.file("one")) { host async throws in
            try Self.write(Self.file("one", "two"), host)
            #expect(try await Self.becomes(host) { try await Self.names($0) == ["one", "two"] })
            let path = host.root + "/config/providers.yaml"
            try Self.file("three").write(toFile: path, atomically: false, encoding: .utf8)
            #expect(try await Self.becomes(host) { try await Self.names($0) == ["three"] })
            try Self.write("providers: []\n", host)
            #expect(try await Self.becomes(host) { try await Self.names($0) == ["local"] })
            let off = "providers: [{ name: local, type: local, enabled: false }]\n"
            try Self.write(off, host)
            #expect(
                try await Self.becomes(host) { try await Self.providers($0).map { $0["state"] } == ["disabled"] }
            )
        }
    }

    @Test("stay as they are when the file is wrong, and somebody hears of it")
    func broken() async throws {
        try await Self.start(Self.file("one")) { host async throws in
            for (number, text) in ["providers:\n- { name: two }\n", ""].enumerated() {
                try Self.write(text, host)
                #expect(
                    try await Self.becomes(host) {
                        try await $0.get("/metrics").text.contains("prax_config_reload_failures_total \(number + 1)")
                    }
                )
                #expect(try await Self.names(host) == ["one"])
            }
            #expect(host.log.contains("config/providers.yaml:2:3: expected the key type"))
            #expect(host.log.contains("to have none of your own, write providers: []"))
            try Self.write(Self.file("two"), host)
            #expect(try await Self.becomes(host) { try await Self.names($0) == ["two"] })
        }
    }

    @Test("that cannot be started are listed with the reason; the others are served", arguments: ["inproc", "sandbox"])
    func refused(mode: String) async throws {
        let config = "plugins: { test/provider: { isolation: \(mode) } }\n"
        try await Self.start(Self.file("refuse", "one"), config: config) { host async throws in
            #expect(
                try await Self.becomes(host) {
                    try await Self.providers($0).map { $0["state"] } == ["refused", "running"]
                }
            )
            let reason = try await Self.providers(host).first?["reason"]?.stringValue ?? ""
            #expect(reason.contains("this base_url is not for me"))
        }
    }

    @Test("are all made anew by a restart of their plugin")
    func restart() async throws {
        try await Self.start(Self.file("one", "two")) { host async throws in
            func processes(_ host: RunningHost) async throws -> [Int] {
                (try await host.get("/api/v1/plugins").json["plugins"]?.arrayValue ?? [])
                    .filter { $0["name"] == "test/provider" }.compactMap { $0["pid"]?.intValue }
            }
            #expect(try await Self.becomes(host) { try await processes($0).count == 2 })
            let before = try await processes(host)
            #expect(try await host.cli(["plugins", "restart", "test/provider"]).exitCode == 0)
            let after = try await processes(host)
            #expect(after.count == 2)
            #expect(Set(after).isDisjoint(with: before))
        }
    }

    @Test("that are wrong at the start keep the host from starting")
    func wrongAtStart() async throws {
        try await RunningHost.with(files: ["config/providers.yaml": "providers: 3\n"], isStarted: false) {
            host async throws in
            let serve = try await host.cli(["serve", "--port", "0"])
            #expect(serve.exitCode == 2)
            #expect(serve.errors.contains("config/providers.yaml:1:"))
        }
    }
}
