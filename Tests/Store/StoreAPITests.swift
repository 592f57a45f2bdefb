import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("The store over the API") struct StoreAPITests {
    private static let permission = "permissions:\n  network.http: { hosts: [\"api.example.org\"] }"

    /// A store with acme/one 1.0.0 and a running host that knows it.
    private func with(_ body: (RunningHost, LifeStore) async throws -> Void) async throws {
        let store = try await LifeStore()
        try await store.add("acme/one", "1.0.0")
        try await store.publish(1)
        try await store.with(isStarted: true) { host in try await body(host, store) }
    }

    @Test("shows, installs, upgrades, goes back, disables, enables and removes, each audited under its request")
    func life() async throws {
        try await with { host, store in
            let found = try await host.get("/api/v1/registry/packages?q=one").json["packages"]?.arrayValue ?? []
            #expect(found.map { $0["name"] } == ["acme/one"])
            #expect(try await host.get("/api/v1/registry/packages/acme/one").json["versions"]?.arrayValue?.count == 1)

            let install = try await host.post("/api/v1/plugins/install", ["references": ["acme/one"]])
            #expect(install.status == 200, "\(install.text)")
            #expect(install.json["packages"]?.arrayValue?.first?["change"] == "installed")
            #expect(try await host.versionServed() == "1.0.0")

            try await store.add("acme/one", "1.1.0")
            try await store.publish(2)
            let outdated = try await host.get("/api/v1/registry/outdated").json["packages"]?.arrayValue ?? []
            #expect(outdated.first?["update"]?["version"] == "1.1.0")
            let upgrade = try await host.post("/api/v1/plugins/acme/one/upgrade", [:])
            #expect(upgrade.json["packages"]?.arrayValue?.first?["change"] == "upgraded", "\(upgrade.text)")
            #expect(try await host.versionServed() == "1.1.0")

            let back = try await host.post("/api/v1/plugins/acme/one/rollback", [:])
            #expect(back.json["packages"]?.arrayValue?.first?["change"] == "rolled_back", "\(back.text)")
            #expect(try await host.versionServed() == "1.0.0")

            #expect(try await host.post("/api/v1/plugins/acme/one/disable", [:]).status == 200)
            #expect(try await host.standing("acme/one") == "1.0.0 disabled")
            #expect(try await host.post("/api/v1/plugins/acme/one/enable", [:]).status == 200)
            #expect(try await host.post("/api/v1/plugins/acme/one/restart", [:]).json["new_version"] == "1.0.0")
            let removed = try await host.send("DELETE", "/api/v1/plugins/acme/one?purge=true")
            #expect(removed.json["removed"] == ["acme/one"], "\(removed.text)")
            #expect(
                try await host.pluginEvents() == [
                    "plugins.install plugin:acme/one@1.0.0", "plugins.upgrade plugin:acme/one@1.1.0",
                    "plugins.rollback plugin:acme/one@1.0.0", "plugins.disable plugin:acme/one@1.0.0",
                    "plugins.enable plugin:acme/one@1.0.0", "plugins.restart plugin:acme/one@1.0.0",
                    "plugins.remove plugin:acme/one@1.0.0",
                ]
            )
        }
    }

    @Test("asks for consent with what is needed, and takes it in the next request")
    func consent() async throws {
        try await with { host, store in
            try await store.add("acme/two", "1.0.0", Self.permission)
            try await store.publish(2)
            let refused = try await host.post("/api/v1/plugins/install", ["references": ["acme/two"]])
            #expect(refused.status == 409)
            #expect(refused.json["error"]?["code"] == "consent_needed")
            #expect(refused.json["detail"]?.stringValue?.contains("network.http:api.example.org") == true)
            let accepted = try await host.post(
                "/api/v1/plugins/install",
                ["references": ["acme/two"], "accept_permissions": ["network.http"]]
            )
            #expect(accepted.status == 200, "\(accepted.text)")
            #expect(
                try await host.pluginEvents() == [
                    "plugins.install plugin:acme/two consent_needed", "plugins.install plugin:acme/two@1.0.0",
                ]
            )
        }
    }

    @Test("streams the steps of an installation and ends with one answer")
    func steps() async throws {
        try await with { host, _ in
            let stream = try await host.post(
                "/api/v1/plugins/install",
                ["references": ["acme/one"]],
                headers: [("Accept", "text/event-stream")]
            )
            let events = stream.text.split(separator: "\n").filter { $0.hasPrefix("event: ") }.map { $0.dropFirst(7) }
            #expect(events.last == "done")
            #expect(events.dropLast().allSatisfy { $0 == "progress" })
            for step in ["fetchingIndex", "downloading", "unpacking", "checking", "recording"] {
                #expect(stream.text.contains("\"step\":\"\(step)\""), "\(step)")
            }
            let failed = try await host.post(
                "/api/v1/plugins/install",
                ["references": ["acme/none"]],
                headers: [("Accept", "text/event-stream")]
            )
            #expect(failed.text.contains("event: error"))
            #expect(failed.text.contains("\"package_not_found\""))
        }
    }

    @Test("takes an uploaded package, and leaves nothing of one that is refused")
    func upload() async throws {
        try await with { host, store in
            let packages = store.index + "/registry/packages"
            let name = try #require(try FileManager.default.contentsOfDirectory(atPath: packages).first)
            var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: packages + "/" + name)))
            let good = try await host.send("POST", "/api/v1/plugins/upload", body: bytes)
            #expect(good.status == 200, "\(good.text)")
            #expect(try await host.versionServed() == "1.0.0")
            bytes[bytes.count / 2] ^= 1
            let bad = try await host.send("POST", "/api/v1/plugins/upload?force=true", body: bytes)
            #expect(bad.status == 422, "\(bad.text)")
            #expect(try await host.send("POST", "/api/v1/plugins/upload", body: []).status == 400)
            let uploads = host.root + "/plugins/uploads"
            #expect(try FileManager.default.contentsOfDirectory(atPath: uploads).isEmpty)
            #expect(try await host.standing("acme/one") == "1.0.0 enabled")
        }
    }

    @Test("takes an uploaded bundle with all that is in it")
    func bundle() async throws {
        try await with { host, store in
            let path = store.scratch.path + "/one.praxbundle"
            let made = try await host.cli(["plugins", "bundle", "create", "-o", path, "acme/one"])
            #expect(made.exitCode == 0, "\(made.errors)")
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            let upload = try await host.send("POST", "/api/v1/plugins/upload", body: bytes)
            #expect(upload.status == 200, "\(upload.text)")
            #expect(try await host.versionServed() == "1.0.0")
            let cut = try await host.send("POST", "/api/v1/plugins/upload", body: Array(bytes.dropLast(1024)))
            #expect(cut.status == 422, "\(cut.text)")
            #expect(cut.json["error"]?["code"] == "bundle_refused")
        }
    }

    @Test("is for those who manage plugins, and writes down who tried without being one")
    func scopes() async throws {
        let store = try await LifeStore()
        try await store.add("acme/one", "1.0.0")
        try await store.publish(1)
        try await store.with(isStarted: true) { host in
            let developer = try await host.cli(["keys", "create", "--name", "dev", "--role", "developer"]).lastLine
            let paths: [(String, String)] = [
                ("GET", "/api/v1/registry/packages"), ("GET", "/api/v1/registry/outdated"),
                ("POST", "/api/v1/plugins/install"), ("POST", "/api/v1/plugins/upload"),
                ("POST", "/api/v1/plugins/acme/one/rollback"), ("DELETE", "/api/v1/plugins/acme/one"),
            ]
            for (method, path) in paths {
                #expect(try await host.send(method, path, as: .none).status == 401, "\(path)")
                #expect(try await host.send(method, path, as: .key(developer)).status == 403, "\(path)")
            }
            let events = try await host.pluginEvents()
            #expect(events.count == paths.count)
            let words = [
                "registry.search", "registry.outdated", "plugins.install", "plugins.upload", "plugins.rollback",
                "plugins.remove",
            ]
            #expect(events == words.map { "\($0) plugin:all missing_scope" })
        }
    }

    @Test(
        "refuses what it cannot use with a stable code",
        arguments: [
            ("{", 422, "invalid_json"), ("[]", 422, "body_malformed"), ("{}", 422, "body_malformed"),
            ("{\"references\":[]}", 422, "body_malformed"), ("{\"references\":[1]}", 422, "body_malformed"),
            ("{\"references\":[\"acme/one\"],\"force\":\"yes\"}", 422, "body_malformed"),
            ("{\"references\":[\"/etc/passwd\"]}", 400, "reference_malformed"),
            ("{\"references\":[\"https://example.org/a.tar.gz\"]}", 400, "reference_malformed"),
            ("{\"references\":[\"../../x\"]}", 400, "reference_malformed"),
            ("{\"references\":[\"nowhere:acme/nothing\"]}", 404, "index_not_found"),
        ]
    )
    func malformed(_ body: String, _ status: Int, _ code: String) async throws {
        let host = try await Self.shared.value
        let answer = try await host.send("POST", "/api/v1/plugins/install", body: Array(body.utf8))
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer.json["error"]?["code"] == .string(code), "\(answer.text)")
    }

    private static let shared = Task { try await RunningHost.untilTestsEnd() }
}

extension RunningHost {
    /// The version that acme/one says it is, which every message of its begins with.
    fileprivate func versionServed() async throws -> String {
        let answer = try await process(["task_type": "one", "prompt": "hi"])
        let message = answer.json["result"]?["message"]?.stringValue ?? answer.text
        return String(message.prefix { $0 != " " })
    }
}
