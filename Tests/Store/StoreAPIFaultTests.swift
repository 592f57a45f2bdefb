import Foundation
import Glibc
import PraximousJSON
import TestSupport
import Testing

/// Clients of the store's API that leave, send nonsense, or come at the wrong moment.
@Suite("The store over the API, when things go wrong,") struct StoreAPIFaultTests {
    /// A store with acme/one 1.0.0 and a running host that knows it.
    private func with(_ body: (RunningHost, LifeStore) async throws -> Void) async throws {
        let store = try await LifeStore()
        try await store.add("acme/one", "1.0.0")
        try await store.publish(1)
        try await store.with(isStarted: true) { host in try await body(host, store) }
    }

    private func package(of store: LifeStore) throws -> [UInt8] {
        let packages = store.index + "/registry/packages"
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: packages).first)
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: packages + "/" + name)))
    }

    private func until(_ what: String, _ isSo: () async throws -> Bool) async throws {
        for _ in 0..<1000 {
            if try await isSo() { return }
            try await Blocking.run { _ = usleep(20_000) }
        }
        Issue.record("never: \(what)")
    }

    @Test("leaves nothing of an upload that is cut off", arguments: ["length", "chunks"])
    func cutOff(_ kind: String) async throws {
        try await with { host, store in
            let bytes = try package(of: store)
            let half = Array(bytes.prefix(bytes.count / 2))
            let encoding = kind == "length" ? ("Content-Length", "\(bytes.count)") : ("Transfer-Encoding", "chunked")
            let head = HTTPBytes.request(
                "POST",
                "/api/v1/plugins/upload",
                headers: host.header(of: .admin) + [encoding],
                body: nil
            )
            let size = kind == "length" ? [] : Array("\(String(half.count, radix: 16))\r\n".utf8)
            let uploads = host.root + "/plugins/uploads"
            try await host.connected { connection in
                connection.send(head + size + half)
                // Not before the host has begun with it.
                for _ in 0..<500 where uploads.isEmptyFolder { usleep(10_000) }
                #expect(!uploads.isEmptyFolder)
            }
            try await until("the upload is gone") { uploads.isEmptyFolder }
            #expect(try await host.standing("acme/one") == nil)
            #expect(try await host.send("POST", "/api/v1/plugins/upload", body: bytes).status == 200)
        }
    }

    @Test("closes the connection of an upload that stands still, and not that of one that is slow")
    func stalled() async throws {
        let store = try await LifeStore()
        try await store.add("acme/one", "1.0.0")
        try await store.publish(1)
        let bytes = try package(of: store)
        try await RunningHost.with(config: store.configuration + "http: { body_timeout_s: 2 }\n") { host in
            let head = HTTPBytes.request(
                "POST",
                "/api/v1/plugins/upload",
                headers: host.header(of: .admin) + [("Content-Length", "\(bytes.count)"), ("Expect", "100-continue")],
                body: nil
            )
            try await host.connected { connection in
                connection.send(head + bytes.prefix(100))
                #expect(connection.waitForClose())
            }
            let uploads = host.root + "/plugins/uploads"
            try await until("the upload is gone") { uploads.isEmptyFolder }
            let answer = try await host.connected { connection in
                connection.send(head)
                #expect(try connection.readAnswer(toHead: true).status == 100)
                for start in stride(from: 0, to: bytes.count, by: bytes.count / 4 + 1) {
                    connection.send(Array(bytes[start..<min(bytes.count, start + bytes.count / 4 + 1)]))
                    usleep(900_000)
                }
                return try connection.readAnswer()
            }
            #expect(answer.status == 200, "\(answer.text)")
        }
    }

    @Test("clears away what a host that was killed had taken in")
    func killedWhileUploading() async throws {
        try await with { host, store in
            let bytes = try package(of: store)
            let head = HTTPBytes.request(
                "POST",
                "/api/v1/plugins/upload",
                headers: host.header(of: .admin) + [("Content-Length", "\(bytes.count)")],
                body: nil
            )
            let uploads = host.root + "/plugins/uploads"
            try await host.connected { connection in
                connection.send(head + bytes.prefix(100))
                for _ in 0..<500 where uploads.isEmptyFolder { usleep(10_000) }
                host.signal(SIGKILL)
                #expect(connection.waitForClose())
            }
            _ = try await host.waitForExit()
            #expect(!uploads.isEmptyFolder)
            try await host.start()
            #expect(uploads.isEmptyFolder)
        }
    }

    @Test("stops in bounded time while an upload stands still, and leaves nothing of it")
    func stoppedWhileUploading() async throws {
        try await with { host, store in
            let bytes = try package(of: store)
            let head = HTTPBytes.request(
                "POST",
                "/api/v1/plugins/upload",
                headers: host.header(of: .admin) + [("Content-Length", "\(bytes.count)")],
                body: nil
            )
            let uploads = host.root + "/plugins/uploads"
            try await host.connected(timeoutSeconds: 60) { connection in
                connection.send(head + bytes.prefix(100))
                for _ in 0..<500 where uploads.isEmptyFolder { usleep(10_000) }
                host.signal(SIGTERM)
                #expect(connection.waitForClose())
            }
            #expect(try await host.waitForExit(seconds: 60) == 0)
            try await host.start()
            #expect(uploads.isEmptyFolder)
            #expect(try await host.standing("acme/one") == nil)
        }
    }

    @Test("goes on with a change whose client has left, and writes it down", arguments: [true, false])
    func left(isStream: Bool) async throws {
        try await with { host, _ in
            let headers = isStream ? [("Accept", "text/event-stream")] : []
            let body = Array(#"{"references":["acme/one"]}"#.utf8)
            let request = HTTPBytes.request(
                "POST",
                "/api/v1/plugins/install",
                headers: host.header(of: .admin) + headers,
                body: body
            )
            try await host.connected { connection in _ = connection.send(request) }
            try await until("installed") { try await host.standing("acme/one") == "1.0.0 enabled" }
            try await until("written down") {
                try await host.pluginEvents() == ["plugins.install plugin:acme/one@1.0.0"]
            }
        }
    }

    @Test("says that somebody else is changing plugins, with 503, and changes nothing")
    func locked() async throws {
        try await with { host, _ in
            #expect(try await host.post("/api/v1/plugins/install", ["references": ["acme/one"]]).status == 200)
            let lock = open(host.root + "/plugins/lock", O_RDWR | O_CLOEXEC)
            defer { close(lock) }
            #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
            let changes: [(String, String)] = [
                ("POST", "/api/v1/plugins/upgrade"), ("POST", "/api/v1/plugins/acme/one/rollback"),
                ("POST", "/api/v1/plugins/acme/one/disable"), ("DELETE", "/api/v1/plugins/acme/one"),
            ]
            for (method, path) in changes {
                let answer = try await host.send(method, path)
                #expect(answer.status == 503, "\(path) \(answer.text)")
                #expect(answer.json["error"]?["code"] == "locked", "\(path)")
            }
            #expect(try await host.standing("acme/one") == "1.0.0 enabled")
            #expect(try await host.get("/api/v1/registry/packages/acme/one").status == 200)
        }
    }

    @Test("does one change at a time for many who ask at once")
    func concurrent() async throws {
        try await with { host, _ in
            let answers = try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
                for _ in 0..<6 {
                    group.addTask { try await host.post("/api/v1/plugins/install", ["references": ["acme/one"]]) }
                }
                return try await group.reduce(into: [HTTPAnswer]()) { $0.append($1) }
            }
            let statuses = answers.map(\.status)
            #expect(statuses.allSatisfy { $0 == 200 || $0 == 503 }, "\(statuses)")
            #expect(statuses.contains(200))
            let events = try await host.pluginEvents()
            #expect(events.filter { $0 == "plugins.install plugin:acme/one@1.0.0" }.count == 1, "\(events)")
            #expect(try await host.cli(["plugins", "verify", "--all"]).exitCode == 0)
        }
    }

    @Test("serves a change with its answer, and not a second later")
    func atOnce() async throws {
        try await with { host, _ in
            func status() async throws -> Int { try await host.process(["task_type": "one", "prompt": "x"]).status }
            for round in 0..<3 {
                #expect(try await host.post("/api/v1/plugins/install", ["references": ["acme/one"]]).status == 200)
                #expect(try await status() == 200, "\(round)")
                #expect(try await host.post("/api/v1/plugins/acme/one/disable", [:]).status == 200)
                #expect(try await status() == 404, "\(round)")
                let restart = try await host.post("/api/v1/plugins/acme/one/restart", [:])
                #expect(restart.status == 409, "\(restart.text)")
                #expect(try await host.post("/api/v1/plugins/acme/one/enable", [:]).status == 200)
                #expect(try await status() == 200, "\(round)")
                #expect(try await host.send("DELETE", "/api/v1/plugins/acme/one").status == 200)
                #expect(try await status() == 404, "\(round)")
            }
        }
    }

    @Test(
        "finds no package under a path that is a trick",
        arguments: [
            "%2e%2e/%2e%2e", "..%2f..%2f..%2fetc/passwd", ".%2F/etc", "%2Fetc/passwd", "acme%2Fone/x", "acme/one%40x",
            "acme/one%00", "%00/%00", "https:%2F%2Fexample.org/x", "sha256:/00", "nowhere:acme/one", "acme/%0Aone",
            "acme/%252e%252e", "acme/" + String(repeating: "a", count: 2000), "ACME/one", "acme/%D0%B0",
        ]
    )
    func paths(_ path: String) async throws {
        let host = try await Self.host.value
        for (method, rest) in [
            ("GET", ""), ("POST", "/upgrade"), ("POST", "/rollback"), ("POST", "/enable"), ("POST", "/disable"),
            ("POST", "/restart"), ("DELETE", ""),
        ] {
            let start = method == "GET" ? "/api/v1/registry/packages/" : "/api/v1/plugins/"
            let answer = try await host.send(method, start + path + rest)
            #expect([400, 404].contains(answer.status), "\(method) \(path)\(rest): \(answer.status) \(answer.text)")
            #expect(answer.json["error"]?["code"]?.stringValue != nil)
        }
    }

    @Test(
        "answers any query",
        arguments: [
            "q=" + String(repeating: "x", count: 20_000), "q=%00", "q=%FF%FE", "q=", "limit=-1", "limit=x", "kind=none",
            "limit=99999999999999999999", "q=a&q=b", "=&&=", "q=%", "q=%F0%9F%98%80",
        ]
    )
    func queries(_ query: String) async throws {
        let host = try await Self.host.value
        let answer = try await host.get("/api/v1/registry/packages?" + query)
        #expect(answer.status == 200, "\(query.prefix(20)) \(answer.status) \(answer.text.prefix(200))")
    }

    @Test(
        "refuses a body whose members are of other types than it knows",
        arguments: [
            ("install", #"{"references":["acme/one"],"accept_permissions":[1]}"#),
            ("install", #"{"references":["acme/one"],"accept_permissions":{}}"#),
            ("install", #"{"references":"acme/one"}"#), ("install", #"{"references":["acme/one"],"pre":1}"#),
            ("acme/one/rollback", #"{"version":1}"#), ("acme/one/rollback", #"{"version":"newest"}"#),
            ("upgrade", #"{"names":null}"#), ("upgrade", #"{"names":[]}"#),
        ]
    )
    func types(_ path: String, _ body: String) async throws {
        let host = try await Self.host.value
        let answer = try await host.send("POST", "/api/v1/plugins/" + path, body: Array(body.utf8))
        #expect(answer.status == 422, "\(answer.text)")
        #expect(answer.json["error"]?["code"] == "body_malformed", "\(answer.text)")
    }

    private static let host = Task {
        try await RunningHost.untilTestsEnd(environment: ["PRAX_STORE_INDEX": OfficialStore.index])
    }
}

extension String {
    /// Whether nothing is in this folder, or no folder there.
    fileprivate var isEmptyFolder: Bool {
        ((try? FileManager.default.contentsOfDirectory(atPath: self)) ?? []).isEmpty
    }
}
