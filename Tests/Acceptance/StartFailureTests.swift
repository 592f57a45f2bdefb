import PraximousJSON
import TestSupport
import Testing

@Suite("A host that cannot start") struct StartFailureTests {
    @Test("says that its port is taken, and ends with 7")
    func portInUse() async throws {
        try await RunningHost.with { first async throws in
            let port = first.port
            try await RunningHost.with(isStarted: false) { second async throws in
                let served = try await second.cli(["serve", "--port", "\(port)"])
                #expect(served.exitCode == 7)
                #expect(served.errors.contains("127.0.0.1:\(port) is in use by another process."))
                #expect(served.errors.contains("prax-host serve --port \(port + 1)"))
            }
        }
    }

    @Test(
        "names the line of every mistake in praximous.yaml, and ends with 2",
        arguments: [
            ("http:\n  port: abc\n", ":2:"), ("http:\n  nope: 1\n", ":2:"), ("\n\nnonsense: 1\n", ":3:"),
            ("http: [1, 2]\n", ":1:"),
            ("http:\n  port: 1\n  port: 2\n", ":3:"), ("audit:\n  mode: sometimes\n", ":2:"), ("a: b: c\n", ":1:"),
            ("http:\n\tport: 1\n", ":2:"), ("http:\n  max_nesting: 100000\n", ":2:"), ("- a\n", ":1:"),
            ("&a [*a]\n", ":1:"), ("plugins:\n  echo: { isolation: strict }\n", ":2:"),
        ]
    )
    func badConfiguration(_ text: String, _ place: String) async throws {
        try await RunningHost.with(config: text, isStarted: false) { host async throws in
            for command in [["serve", "--port", "0"], ["config", "check"]] {
                let result = try await host.cli(command)
                #expect(result.exitCode == 2)
                #expect(result.errors.contains("config/praximous.yaml" + place), "\(result.errors)")
            }
        }
    }

    @Test(
        "refuses an address or a port that cannot be",
        arguments: [
            ["--port", "65536"], ["--port=-1"], ["--host", "203.0.113.77", "--port", "0"],
        ]
    )
    func impossibleAddress(_ arguments: [String]) async throws {
        try await RunningHost.with(isStarted: false) { host async throws in
            #expect(try await host.cli(["serve"] + arguments).exitCode == 2)
        }
    }
}
