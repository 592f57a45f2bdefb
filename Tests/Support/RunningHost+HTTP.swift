import Glibc
package import PraximousJSON

extension RunningHost {
    /// How a request shows its key.
    package enum Credentials: Sendable {
        /// The first admin key, as X-API-Key.
        case admin
        case none
        case key(String)
        case header(String, String)
    }

    package func get(
        _ path: String,
        as credentials: Credentials = .admin,
        headers: [(String, String)] = []
    ) async throws -> HTTPAnswer {
        try await send("GET", path, as: credentials, headers: headers)
    }

    package func post(
        _ path: String,
        _ body: JSON,
        as credentials: Credentials = .admin,
        headers: [(String, String)] = []
    ) async throws -> HTTPAnswer {
        try await send(
            "POST",
            path,
            as: credentials,
            headers: headers + [("Content-Type", "application/json")],
            body: body.encoded()
        )
    }

    /// Calls `/api/v1/process`.
    package func process(_ body: JSON, as credentials: Credentials = .admin) async throws -> HTTPAnswer {
        try await post("/api/v1/process", body, as: credentials)
    }

    /// Waits, with a bound, until no plugin is being started any more; as the first admin.
    package func untilPluginsStand() async throws {
        for _ in 0..<1500 {
            let plugins = try await get("/api/v1/plugins").json["plugins"]?.arrayValue ?? []
            if plugins.allSatisfy({ $0["state"]?.stringValue != "starting" }) { return }
            try await Blocking.run { _ = usleep(10_000) }
        }
    }

    /// Sends one request over a connection of its own.
    package func send(
        _ method: String,
        _ path: String,
        as credentials: Credentials = .admin,
        headers: [(String, String)] = [],
        body: [UInt8]? = nil
    ) async throws -> HTTPAnswer {
        let headers = header(of: credentials) + headers
        return try await connected { connection in
            connection.send(HTTPBytes.request(method, path, headers: headers, body: body))
            return try connection.readAnswer(toHead: method == "HEAD")
        }
    }

    /// Lends a connection to `body`, on a thread where it may block.
    package func connected<Value: Sendable>(
        timeoutSeconds: Int = 20,
        _ body: @escaping @Sendable (HTTPConnection) throws -> Value
    ) async throws -> Value {
        let port = port
        return try await Blocking.run { try body(HTTPConnection(port: port, timeoutSeconds: timeoutSeconds)) }
    }

    package func header(of credentials: Credentials) -> [(String, String)] {
        switch credentials {
        case .admin: [("X-API-Key", key)]
        case .none: []
        case .key(let key): [("X-API-Key", key)]
        case .header(let name, let value): [(name, value)]
        }
    }
}
