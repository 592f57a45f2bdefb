import Foundation
package import PraximousJSON

/// An HTTP server on loopback that answers each path as it was told, in a process of its own.
package final class ScriptedWebServer: Sendable {
    /// What one path is answered with.
    package struct Reply: Sendable {
        package var status = 200
        package var headers: [String: String] = [:]
        package var body: [UInt8] = []

        package init(status: Int = 200, headers: [String: String] = [:], body: [UInt8]) {
            (self.status, self.headers, self.body) = (status, headers, body)
        }

        package init(_ text: String, status: Int = 200, type: String = "text/html; charset=utf-8") {
            self.init(status: status, headers: ["Content-Type": type], body: Array(text.utf8))
        }

        package static func json(_ json: JSON, status: Int = 200) -> Reply {
            Reply(json.text, status: status, type: "application/json")
        }

        package static func redirect(to location: String) -> Reply {
            Reply(status: 302, headers: ["Location": location], body: [])
        }
    }

    package let port: Int
    /// A JSON object for each request: method, target, headers with names in small letters, body.
    private let output: CapturedOutput
    private let program: ChildProgram

    /// A path without a reply is answered with 404.
    package init(_ replies: [String: Reply]) throws {
        var script = JSONObject()
        for (path, reply) in replies {
            let headers = reply.headers.map { JSON.array([.string($0.key), .string($0.value)]) }
            script[path] = [
                "status": .integer(reply.status), "headers": .array(headers),
                "body": .string(Data(reply.body).base64EncodedString()),
            ]
        }
        program = try ChildProgram(
            ["python3", "-c", Self.script],
            environment: ProcessInfo.processInfo.environment,
            input: JSON.object(script).text
        )
        output = program.output
        let text = output.wait { $0.contains("\n") }
        guard let port = text.split(separator: "\n").first.flatMap({ Int($0) }) else {
            throw UnreliableServer.DidNotStart(output: text + program.errors.text)
        }
        self.port = port
    }

    package func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    /// What it has been asked so far; an answer is sent after the request was noted.
    package var requests: [JSON] {
        output.text.split(separator: "\n").dropFirst().compactMap { try? JSON.parse(String($0)) }
    }

    private static let script = #"""
        import base64, json, sys
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        replies = json.load(sys.stdin)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def do_GET(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                print(json.dumps({
                    "method": self.command, "target": self.path, "body": body.decode("latin1"),
                    "headers": {name.lower(): value for name, value in self.headers.items()},
                }), flush=True)
                reply = replies.get(self.path.split("?")[0], {"status": 404, "headers": [], "body": ""})
                content = base64.b64decode(reply["body"])
                self.send_response(reply["status"])
                for name, value in reply["headers"]: self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            do_POST = do_GET
            def log_message(self, *words): pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """#
}
