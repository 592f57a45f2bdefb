import Foundation
import Glibc
import PraximousJSON
import TestSupport
import Testing

@Suite("The first key") struct FirstKeyTests {
    @Test("is an admin key, shown once at the first start and never again")
    func shownOnce() async throws {
        try await RunningHost.with { host async throws in
            let key = host.key
            #expect(key.wholeMatch(of: /prax_live_[a-z2-7]{12}_[0-9A-Za-z]{49}/) != nil)
            #expect(host.output.components(separatedBy: key).count == 2)
            #expect(try await host.process(["task_type": "echo", "prompt": "hi"]).status == 200)

            #expect(try await host.kill(SIGTERM) == 0)
            let banner = try await host.start()
            #expect(!banner.contains("PRAX_KEY="))
            #expect(!banner.contains("prax_live_"))
            #expect(try await host.process(["task_type": "echo", "prompt": "hi"]).status == 200)
            let keys = try JSON.parse(try await host.cli(["keys", "list", "--json"]).output)["keys"]?.arrayValue ?? []
            #expect(keys.count == 1)
            #expect(keys.first?["role"] == "admin")
            #expect(keys.first?["name"] == "first-admin")
        }
    }

    @Test("is in no file and in no line of the log, also after wrong and right use")
    func neverStored() async throws {
        try await RunningHost.with(config: "log:\n  level: trace\n") { host async throws in
            let key = host.key
            let secret = String(key.dropFirst("prax_live_".count + 13).prefix(43))
            _ = try await host.process(["task_type": "echo", "prompt": "hi"])
            _ = try await host.process(["task_type": "echo", "prompt": "hi"], as: .key(key + "x"))
            _ = try await host.process(["task_type": "nothing"], as: .header("Authorization", "Bearer " + key))
            _ = try await host.get("/api/v1/skills", as: .header("Authorization", "Bearer " + key.dropLast()))
            #expect(try await host.kill(SIGTERM) == 0)
            #expect(!host.log.contains(secret))
            let (files, holding) = try filesHolding(secret, below: host.root)
            #expect(files >= 3)
            #expect(holding == [])
        }
    }

    @Test("comes when every key has been revoked: never, since someone did configure this host")
    func notAfterRevocation() async throws {
        try await RunningHost.with { host async throws in
            let id = String(host.key.dropFirst("prax_live_".count).prefix(12))
            #expect(try await host.cli(["keys", "revoke", id]).exitCode == 0)
            #expect(try await host.kill(SIGTERM) == 0)
            let banner = try await host.start()
            #expect(!banner.contains("PRAX_KEY="))
            expectError(try await host.get("/api/v1/skills"), 403, "revoked_api_key")
        }
    }

    @Test("is not made where the environment gives one")
    func notWithStaticKeys() async throws {
        try await RunningHost.with(environment: ["PRAXIMOUS_API_KEY": "a-static-key-of-length"]) { host async throws in
            #expect(host.key == "")
            let answer = try await host.process(
                ["task_type": "echo", "prompt": "x"],
                as: .key("a-static-key-of-length")
            )
            #expect(answer.status == 200)
        }
    }

    private func filesHolding(_ text: String, below folder: String) throws -> (count: Int, holding: [String]) {
        var count = 0
        var holding: [String] = []
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)"), !data.isEmpty else { continue }
            count += 1
            if data.range(of: Data(text.utf8)) != nil { holding.append(name) }
        }
        return (count, holding)
    }
}
