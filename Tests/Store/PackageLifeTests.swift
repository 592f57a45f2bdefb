import Foundation
import PraximousJSON
import Synchronization
import TestSupport
import Testing

@Suite("The life of a package") struct PackageLifeTests {
    private static let network = "permissions: { network.http: { hosts: [a.example], methods: [GET] } }"

    private func store() async throws -> LifeStore {
        let store = try await LifeStore()
        try await store.add("acme/one", "1.0.0")
        try await store.add("acme/two", "1.0.0", "dependencies: [ { name: acme/one, req: \"^1.0\" } ]")
        try await store.publish(1)
        return store
    }

    @Test("from install to removal ends each command with its exit code and one audit event")
    func whole() async throws {
        let store = try await store()
        try await store.with { host async throws in
            func plugins(_ arguments: String...) async throws -> RunningHost.CommandResult {
                try await host.cli(["plugins"] + arguments)
            }
            #expect(try await plugins("install", "acme/two").exitCode == 0)
            try await store.add("acme/one", "1.1.0", Self.network)
            try await store.publish(2)
            #expect(try await plugins("outdated", "--exit-code").exitCode == 11)
            let wider = try await plugins("upgrade", "--all", "--yes")
            #expect(wider.exitCode == 8)
            #expect(wider.errors.contains("  - new: Send GET requests to a.example"))
            #expect(wider.errors.contains("pass --accept-permissions 'network.http:a.example'."))
            #expect(try await host.standing("acme/one") == "1.0.0 enabled")
            #expect(try await plugins("upgrade", "--all", "--accept-permissions", "network.http").exitCode == 0)
            #expect(try await plugins("remove", "acme/one").exitCode == 7)
            #expect(try await plugins("rollback", "acme/one").exitCode == 0)
            #expect(try await plugins("pin", "acme/one").exitCode == 0)
            #expect(try await plugins("upgrade", "--all", "--accept-permissions", "all").exitCode == 0)
            #expect(try await host.standing("acme/one") == "1.0.0 enabled")
            #expect(try await plugins("disable", "acme/one").exitCode == 0)
            #expect(try await host.standing("acme/one") == "1.0.0 disabled")
            #expect(try await plugins("disable", "acme/one").exitCode == 0)
            #expect(try await plugins("enable", "acme/one").exitCode == 0)
            #expect(try await plugins("unpin", "acme/one").exitCode == 0)
            #expect(try await plugins("install", "--pin", "acme/one@1.0.0").exitCode == 0)
            #expect(try await plugins("install", "acme/one@1.0.0").exitCode == 0)
            #expect(try await plugins("remove", "acme/one", "acme/two").exitCode == 0)
            #expect(
                try await host.pluginEvents() == [
                    "plugins.install plugin:acme/one@1.0.0", "plugins.install plugin:acme/two@1.0.0",
                    "plugins.upgrade plugin:all consent_needed", "plugins.upgrade plugin:acme/one@1.1.0",
                    "plugins.remove plugin:acme/one still_needed", "plugins.rollback plugin:acme/one@1.0.0",
                    "plugins.pin plugin:acme/one@1.0.0", "plugins.disable plugin:acme/one@1.0.0",
                    "plugins.enable plugin:acme/one@1.0.0", "plugins.unpin plugin:acme/one@1.0.0",
                    "plugins.install plugin:acme/one@1.0.0", "plugins.remove plugin:acme/one@1.0.0",
                    "plugins.remove plugin:acme/two@1.0.0",
                ]
            )
        }
    }

    @Test("that asks to start programs has to be let, in words nobody overlooks, unless a rule forbids it")
    func programs() async throws {
        let store = try await LifeStore()
        try await store.add("acme/one", "1.0.0")
        try await store.add("acme/one", "1.1.0", "permissions: { process.spawn: true }")
        try await store.publish(1)
        try await store.with { host async throws in
            let words = "Start programs; it runs without the sandbox, as the host's user"
            let asked = try await host.cli(["plugins", "install", "acme/one", "--yes"])
            #expect(asked.exitCode == 8)
            #expect(asked.errors.contains("  - \(words)\n"), "\(asked.errors)")
            #expect(asked.errors.contains("pass --accept-permissions 'process.spawn:any'."))
            let info = try await host.cli(["plugins", "info", "acme/one"])
            #expect(info.output.contains("it would be allowed to start programs; runs without the sandbox"))
            #expect(try await host.cli(["plugins", "install", "acme/one@1.0.0"]).exitCode == 0)
            let upgrade = try await host.cli(["plugins", "upgrade", "acme/one", "--yes"])
            #expect(upgrade.exitCode == 8)
            #expect(upgrade.errors.contains("  - new: \(words)\n"), "\(upgrade.errors)")
            let accepted = ["--accept-permissions", "process.spawn"]
            #expect(try await host.cli(["plugins", "upgrade", "acme/one"] + accepted).exitCode == 0)
            let list = try JSON.parse(try await host.cli(["plugins", "list", "--json"]).output)
            let one = list["plugins"]?.arrayValue?.first { $0["name"] == "acme/one" }
            #expect(one?["isolation"]?["mode"] == "process")
            #expect(one?["isolation"]?["notice"] == "may start programs; runs without the sandbox")
            let rules = ", rules: { permissions: { deny: [process.spawn] } } }\n"
            try store.configuration.replacing(" }\n", with: rules)
                .write(toFile: host.root + "/config/praximous.yaml", atomically: true, encoding: .utf8)
            let denied = try await host.cli(["plugins", "install", "--force", "acme/one"] + accepted)
            #expect(denied.exitCode == 8)
            #expect(denied.errors.contains("it asks for process.spawn, which is denied"), "\(denied.errors)")
        }
    }

    @Test("shows what has a newer version, from the copy of the index and without a network")
    func outdated() async throws {
        let store = try await store()
        try await store.with { host async throws in
            #expect(try await host.cli(["plugins", "install", "acme/two"]).exitCode == 0)
            try await store.add("acme/one", "1.1.0")
            try await store.add("acme/one", "2.0.0", "min_host: 9.0.0")
            try await store.publish(2)
            let list = try await host.cli(["plugins", "list", "--outdated"])
            let rows = list.output.split(separator: "\n").dropFirst()
            #expect(rows.count == 1)
            #expect(rows.first?.contains(/^acme\/one +1\.0\.0 .* 1\.1\.0 +one$/) == true, "\(list.output)")
            #expect(try await host.cli(["plugins", "outdated"]).exitCode == 0)
            let json = try JSON.parse(try await host.cli(["plugins", "outdated", "--json"]).output)
            #expect(json["outdated"]?.arrayValue?.map { $0["newest"] } == ["1.1.0"])
        }
    }

    @Test("does not change when it is only tried")
    func dryRun() async throws {
        let store = try await store()
        try await store.with { host async throws in
            #expect(try await host.cli(["plugins", "install", "acme/two", "--dry-run"]).exitCode == 0)
            #expect(try await host.standing("acme/two") == nil)
            #expect(try await host.cli(["plugins", "install", "acme/two", "--no-enable"]).exitCode == 0)
            #expect(try await host.standing("acme/two") == "1.0.0 disabled")
            try await store.add("acme/one", "1.1.0")
            try await store.publish(2)
            let upgrade = try await host.cli(["plugins", "upgrade", "--all", "--dry-run"])
            #expect(upgrade.output.hasPrefix("acme/one 1.1.0 would be upgraded from 1.0.0, signed by trusted ("))
            #expect(try await host.cli(["plugins", "remove", "acme/two", "--dry-run"]).exitCode == 0)
            #expect(try await host.standing("acme/one") == "1.0.0 enabled")
            #expect(try await host.pluginEvents().count == 2)
        }
    }

    @Test("does not begin where its audit event could not be written")
    func unwritableLog() async throws {
        let store = try await store()
        try await store.with { host async throws in
            try FileManager.default.createDirectory(
                atPath: host.root + "/data/audit.db",
                withIntermediateDirectories: true
            )
            let install = try await host.cli(["plugins", "install", "acme/one"])
            #expect(install.exitCode == 1)
            #expect(!FileManager.default.fileExists(atPath: host.root + "/plugins/receipts"))
        }
    }

    @Test("changes in a running host without a lost request")
    func running() async throws {
        let store = try await store()
        try await store.with(isStarted: true) { host async throws in
            #expect(try await host.cli(["plugins", "install", "acme/one"]).exitCode == 0)
            try await Self.until(host, answers: "1.0.0")
            try await store.add("acme/one", "1.1.0")
            try await store.publish(2)
            let isOver = Atomic(false)
            let calls = Task {
                var failed: [String] = []
                while !isOver.load(ordering: .relaxed) {
                    let answer = try await host.process(["task_type": "one", "prompt": "hello"])
                    if answer.status != 200 { failed.append("\(answer.status) \(answer.text)") }
                }
                return failed
            }
            #expect(try await host.cli(["plugins", "upgrade", "--all"]).exitCode == 0)
            try await Self.until(host, answers: "1.1.0")
            #expect(try await host.cli(["plugins", "rollback", "acme/one"]).exitCode == 0)
            try await Self.until(host, answers: "1.0.0")
            isOver.store(true, ordering: .relaxed)
            #expect(try await calls.value == [])

            #expect(try await host.cli(["plugins", "disable", "acme/one"]).exitCode == 0)
            try await Self.until(host, has: 404)
            #expect(try await host.cli(["plugins", "enable", "acme/one"]).exitCode == 0)
            try await Self.until(host, answers: "1.0.0")
        }
    }

    @Test("is over for a revoked package when the host starts, with a loud word and without deleting it")
    func revoked() async throws {
        let store = try await store()
        try await store.with { host async throws in
            #expect(try await host.cli(["plugins", "install", "acme/one"]).exitCode == 0)
            try await Self.revoke(store)
            try await host.start()
            let log = try await host.waitForLog { $0.contains("package revoked") }
            #expect(log.contains("critical"))
            #expect(try await host.process(["task_type": "one", "prompt": "hello"]).status == 404)
            #expect(try await host.standing("acme/one") == "1.0.0 revoked")
            #expect(FileManager.default.fileExists(atPath: host.root + "/plugins/receipts/acme__one.json"))
            let audit = try await host.cli(["plugins", "audit", "--exit-code"])
            #expect(audit.exitCode == 11)
            #expect(audit.output.contains("acme/one 1.0.0: revoked: "))
            let doctor = try await host.cli(["doctor"])
            #expect(doctor.exitCode == 11)
            #expect(doctor.output.contains("acme/one 1.0.0: not served: the store revoked this package"))
        }
    }

    @Test("begins on a second machine from a mirror and a lock file, on a third from a bundle")
    func fleet() async throws {
        let store = try await store()
        let lock = store.scratch.path + "/plugins.lock"
        let bundle = store.scratch.path + "/tools.praxbundle"
        let mirror = store.scratch.path + "/mirror"
        try await store.with { host async throws in
            #expect(try await host.cli(["plugins", "install", "acme/two"]).exitCode == 0)
            #expect(try await host.cli(["plugins", "lock", "-o", lock]).exitCode == 0)
            #expect(try await host.cli(["plugins", "mirror", mirror]).exitCode == 0)
            #expect(try await host.cli(["plugins", "bundle", "create", "-o", bundle, "acme/two"]).exitCode == 0)
        }
        try FileManager.default.removeItem(atPath: store.index)
        try await store.with { host async throws in
            #expect(try await host.cli(["plugins", "sync", "-f", lock, "--index", mirror]).exitCode == 0)
            #expect(try await host.standing("acme/two") == "1.0.0 enabled")
            #expect(try await host.cli(["plugins", "verify", "--all"]).exitCode == 0)
        }
        try await store.with { host async throws in
            #expect(try await host.cli(["plugins", "bundle", "install", bundle]).exitCode == 0)
            #expect(try await host.standing("acme/one") == "1.0.0 enabled")
            #expect(try await host.cli(["plugins", "verify", "--all"]).exitCode == 0)
        }
    }

    @Test("leaves nothing behind when it is purged")
    func purge() async throws {
        let store = try await store()
        try await store.with { host async throws in
            #expect(try await host.cli(["plugins", "install", "acme/one"]).exitCode == 0)
            let data = host.root + "/data/plugins/acme__one"
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            #expect(try await host.cli(["plugins", "remove", "acme/one"]).exitCode == 0)
            #expect(FileManager.default.fileExists(atPath: data))
            #expect(try await host.cli(["plugins", "install", "acme/one"]).exitCode == 0)
            #expect(try await host.cli(["plugins", "remove", "acme/one", "--purge"]).exitCode == 0)
            #expect(!FileManager.default.fileExists(atPath: data))
        }
    }

    /// Edits the index as a store's operator would.
    private static func revoke(_ store: LifeStore) async throws {
        let path = store.index + "/skills.json"
        var index = try #require(JSON.parse([UInt8](Data(contentsOf: URL(filePath: path)))).objectValue)
        let versions = index["packages"]?["acme/one"]?["versions"]?.arrayValue
        let digest = versions?.first?["artifacts"]?.arrayValue?.first?["sha256"] ?? .null
        index["revoked"] = ["sha256": [digest], "keys": []]
        index["version"] = 2
        try Data(JSON.object(index).encoded()).write(to: URL(filePath: path))
        let sign = try await Command.run(
            [SourceTree.hostExecutable, "registry", "sign", "--key", store.scratch.path + "/key", path]
        )
        #expect(sign.exitCode == 0, "\(sign.errors)")
    }

    private static func until(_ host: RunningHost, answers version: String) async throws {
        for _ in 0..<500 {
            let answer = try await host.process(["task_type": "one", "prompt": "hello"])
            if answer.status == 200, answer.text.contains("\(version) ") { return }
            try await Blocking.run { _ = usleep(20_000) }
        }
        Issue.record("version \(version) never answered")
    }

    private static func until(_ host: RunningHost, has status: Int) async throws {
        for _ in 0..<500 {
            if try await host.process(["task_type": "one", "prompt": "hello"]).status == status { return }
            try await Blocking.run { _ = usleep(20_000) }
        }
        Issue.record("status \(status) was never answered")
    }
}
