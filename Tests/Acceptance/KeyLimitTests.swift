import PraximousJSON
import TestSupport
import Testing

@Suite("Limits and budgets on the command line") struct KeyLimitTests {
    @Test("are set when a key is made, shown in the list, and changed one by one")
    func keys() async throws {
        try await RunningHost.with { host async throws in
            let words = "--rpm 60 --tpm 9000 --concurrency 4 --budget 25/month --user ann --team lab"
            let created = try await host.cli(
                ["keys", "create", "--name", "ci"] + words.split(separator: " ").map(String.init)
            )
            #expect(created.exitCode == 0)
            let key = id(of: created.lastLine)
            let listed = try await host.cli(["keys", "list"]).output.split(separator: "\n")
            let line = try #require(listed.first { $0.hasPrefix(key) })
            #expect(line.hasSuffix("60 rpm, 9000 tpm, 4 at once, 0.00 of 25.00/month, user ann, team lab"))

            let changed = try await host.cli([
                "keys", "limits", key, "--rpm", "none", "--budget", "0.5/day", "--team", "none",
            ])
            #expect(changed.output == "Key \(key) (ci): 9000 tpm, 4 at once, 0.00 of 0.50/day, user ann.\n")
            let all = try JSON.parse(try await host.cli(["keys", "list", "--json"]).output)["keys"]?.arrayValue ?? []
            let record = try #require(all.first { $0["id"] == .string(key) })
            #expect(record["user"] == "ann")
            #expect(record["team"] == .null)
            #expect(
                record["limits"] == [
                    "requests_per_minute": .null, "tokens_per_minute": 9000, "max_concurrent": 4,
                    "budget": "0.50/day", "spent_usd": "0.00",
                ]
            )
        }
    }

    @Test("of users and teams are set, listed and begun anew")
    func teams() async throws {
        try await RunningHost.with { host async throws in
            let set = try await host.cli(["budgets", "set", "team:lab", "--budget", "100/total", "--rpm", "600"])
            #expect(set.output == "team:lab: 600 rpm, 0.00 of 100.00/total.\n")
            #expect(
                try await host.cli(["budgets", "list"]).output
                    == "WHO       LIMITS\nteam:lab  600 rpm, 0.00 of 100.00/total\n"
            )
            #expect(try await host.cli(["budgets", "reset", "team:lab"]).output == set.output)
            #expect(try await host.cli(["budgets", "reset", "user:ann"]).exitCode == 3)
            #expect(try await host.cli(["budgets", "set", "key:abc", "--rpm", "1"]).exitCode == 2)
        }
    }

    @Test(
        "that make no sense are refused",
        arguments: [
            ["--rpm", "0"], ["--rpm=-1"], ["--tpm", "1.5"], ["--concurrency", "many"], ["--budget", "25"],
            ["--budget", "nan/day"], ["--budget=-1/day"], ["--user", "a b"], ["--team", ""],
        ]
    )
    func refused(words: [String]) async throws {
        try await RunningHost.with { host async throws in
            #expect(try await host.cli(["keys", "create", "--name", "x"] + words).exitCode == 2)
        }
    }

    private func id(of key: String) -> String { String(key.dropFirst("prax_live_".count).prefix(12)) }
}
