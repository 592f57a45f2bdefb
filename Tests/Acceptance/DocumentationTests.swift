import PraximousJSON
import TestSupport
import Testing

@Suite("The API's description") struct DocumentationTests {
    @Test("is OpenAPI 3.1, names every route, and each of them answers as it says")
    func openAPI() async throws {
        // One of its own: among the requests are some that disable and restart plugins.
        try await RunningHost.with(environment: ["PRAX_STORE_INDEX": SourceTree.path("skills.json")]) {
            host async throws in
            let document = try await host.get("/openapi.json").json
            #expect(document["openapi"] == "3.1.0")
            #expect(document["info"]?["title"]?.stringValue?.isEmpty == false)
            #expect(document["info"]?["version"]?.stringValue?.isEmpty == false)
            let paths = try #require(document["paths"]?.objectValue)
            #expect(
                Set(paths.keys).isSuperset(of: [
                    "/api/v1/process", "/api/v1/skills", "/api/v1/skills/{name}/capabilities", "/healthz", "/readyz",
                    "/openapi.json", "/docs",
                ])
            )
            var ids: [String] = []
            for path in paths {
                for operation in path.value.objectValue ?? JSONObject() {
                    ids.append(operation.value["operationId"]?.stringValue ?? "")
                    try await check(host, operation.key.uppercased(), path.key, operation.value)
                }
            }
            #expect(Set(ids).count == ids.count)
            #expect(!ids.contains(""))
        }
    }

    private func check(_ host: RunningHost, _ method: String, _ path: String, _ operation: JSON) async throws {
        let described = operation["responses"]?.objectValue ?? JSONObject()
        let models = try await host.get("/v1/models").json["data"]?.arrayValue
        let model = models?.first?["id"]?.stringValue ?? "none"
        let concrete = path.replacing(
            "registry/packages/{owner}/{name}",
            with: "registry/packages/praximous/json-query"
        )
        .replacing("{name}", with: "echo").replacing("{owner}", with: "praximous").replacing("{id}", with: model)
        let body = method == "POST" ? JSON.object(["task_type": "echo", "prompt": "x"]).encoded() : nil
        let answer = try await host.send(method, concrete, body: body)
        #expect(described[String(answer.status)] != nil, "\(method) \(path) answered \(answer.status)")
        // What is asked for here makes sense to these alone.
        let isThere = model != "none" || !path.hasSuffix("{id}")
        // Asked for without an upgrade it is refused, whoever asks.
        let isSocket = path.hasPrefix("/ws/")
        let isAnswered = method == "GET" && isThere && !isSocket || path == "/api/v1/process" || answer.status == 200
        #expect(answer.status == 200 || !isAnswered, "\(method) \(path)")
        let media = described[String(answer.status)]?["content"]?.objectValue?.keys.first ?? "none"
        #expect(answer["Content-Type"]?.hasPrefix(media) == true, "\(method) \(path)")
        let names = operation["parameters"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
        #expect(names == path.matches(of: /\{([a-z]+)\}/).map { String($0.1) })
        let isProtected = operation["security"] != nil
        guard !isSocket else { return }
        #expect(try await host.send(method, concrete, as: .none, body: body).status == (isProtected ? 401 : 200))
    }

    @Test("refers only to schemas that are there")
    func references() async throws {
        try await SharedHost.with { host async throws in
            let document = try await host.get("/openapi.json").json
            let schemas = document["components"]?["schemas"]?.objectValue?.keys ?? []
            for match in document.text.matches(of: #/"\$ref":"#\/components\/schemas\/([^"]+)"/#) {
                #expect(schemas.contains(String(match.1)))
            }
            #expect(!schemas.isEmpty)
        }
    }

    @Test("is a page for people too, without scripts or anything from elsewhere")
    func page() async throws {
        try await SharedHost.with { host async throws in
            let answer = try await host.get("/docs")
            #expect(answer["Content-Type"] == "text/html; charset=utf-8")
            #expect(answer["Content-Security-Policy"]?.hasPrefix("default-src 'none'") == true)
            #expect(answer.text.hasPrefix("<!doctype html>"))
            #expect(answer.text.contains("/api/v1/process"))
            #expect(answer.text.contains("echo"))
            #expect(!answer.text.contains("<script"))
            #expect(!answer.text.contains("http://"))
        }
    }
}
