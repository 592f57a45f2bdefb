import Foundation
package import PraximousJSON

/// A collector of OTLP over HTTP on loopback, in a process of its own; it checks what it gets as the protocol has it.
package final class TraceCollector: Sendable {
    package struct Received: Sendable {
        package let path: String
        /// By their names in lower case.
        package let headers: JSON
        package let body: JSON
        /// What in it is not as the protocol has it; empty when nothing.
        package let flaws: [String]

        package var spans: [JSON] {
            let scopes = body["resourceSpans"]?.arrayValue?.flatMap { $0["scopeSpans"]?.arrayValue ?? [] } ?? []
            return scopes.flatMap { $0["spans"]?.arrayValue ?? [] }
        }
    }

    package let endpoint: String
    private let program: ChildProgram

    /// It answers with each of the statuses in turn, and goes on with the last.
    package init(statuses: [Int] = [200]) throws {
        program = try ChildProgram(
            ["python3", "-c", Self.script] + statuses.map(String.init),
            environment: ProcessInfo.processInfo.environment
        )
        let text = program.output.wait { $0.contains("\n") }
        guard let port = text.split(separator: "\n").first.flatMap({ Int($0) }) else {
            throw UnreliableServer.DidNotStart(output: text + program.errors.text)
        }
        endpoint = "http://127.0.0.1:\(port)"
    }

    /// Waits for so many requests, with a bound; all that came by then.
    package func received(_ count: Int) async throws -> [Received] {
        let text = try await Blocking.run { [program] in
            program.output.wait { $0.filter { $0 == "\n" }.count > count }
        }
        return text.split(separator: "\n").dropFirst().compactMap { line in
            guard let value = try? JSON.parse(Array(line.utf8)) else { return nil }
            return Received(
                path: value["path"]?.stringValue ?? "",
                headers: value["headers"] ?? .null,
                body: value["body"] ?? .null,
                flaws: value["flaws"]?.arrayValue?.compactMap(\.stringValue) ?? []
            )
        }
    }

    /// The value of an attribute, out of its wrapping.
    package static func attribute(_ name: String, of span: JSON) -> JSON? {
        let found = span["attributes"]?.arrayValue?.first { $0["key"]?.stringValue == name }
        return found?["value"]?.objectValue?.map(\.value).first
    }

    private static let script = #"""
        import http.server, json, re, sys

        statuses = [int(s) for s in sys.argv[1:]]

        def value_flaws(key, value):
            kinds = {"stringValue": str, "boolValue": bool, "intValue": str, "doubleValue": float, "arrayValue": dict}
            if len(value) != 1 or next(iter(value)) not in kinds: return [f"{key}: {value}"]
            kind, inner = next(iter(value.items()))
            if not isinstance(inner, kinds[kind]): return [f"{key}: {value}"]
            if kind == "arrayValue": return [f for v in inner["values"] for f in value_flaws(key, v)]
            return []

        def flaws(body):
            found = []
            if set(body) != {"resourceSpans"}: found.append("members of the request")
            for resource in body["resourceSpans"]:
                names = {a["key"] for a in resource["resource"]["attributes"]}
                if "service.name" not in names: found.append("no service.name")
                for scope in resource["scopeSpans"]:
                    for span in scope["spans"]:
                        extra = set(span) - {"traceId", "spanId", "parentSpanId", "name", "kind", "startTimeUnixNano",
                                             "endTimeUnixNano", "attributes", "status"}
                        if extra: found.append(f"unknown {extra}")
                        if not re.fullmatch("[0-9a-f]{32}", span["traceId"]): found.append("traceId")
                        if not re.fullmatch("[0-9a-f]{16}", span["spanId"]): found.append("spanId")
                        if not re.fullmatch("[0-9a-f]{16}", span.get("parentSpanId", "0" * 16)): found.append("parent")
                        for name in ["startTimeUnixNano", "endTimeUnixNano"]:
                            if not re.fullmatch("[0-9]{1,19}", span[name]): found.append(name)
                        if int(span["endTimeUnixNano"]) < int(span["startTimeUnixNano"]): found.append("times")
                        if span["kind"] not in (1, 2, 3, 4, 5): found.append("kind")
                        if span["status"].get("code", 0) not in (0, 1, 2): found.append("status")
                        keys = [a["key"] for a in span["attributes"]]
                        if len(keys) != len(set(keys)): found.append(f"twice in {keys}")
                        for a in span["attributes"]: found += value_flaws(a["key"], a["value"])
            return found

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                headers = {k.lower(): v for k, v in self.headers.items()}
                print(json.dumps({"path": self.path, "headers": headers, "body": body, "flaws": flaws(body)}), flush=True)
                self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")
            def log_message(self, *args): pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        print(server.server_port, flush=True)
        server.serve_forever()
        """#
}
