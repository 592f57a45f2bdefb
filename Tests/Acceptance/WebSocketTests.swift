import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("The WebSocket") struct WebSocketTests {
    private static func script(_ name: String, _ arguments: [String], seconds: Double) async throws -> (Int32?, String)
    {
        let environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"]
        return try await Blocking.run {
            let path = SourceTree.path("Tests/Acceptance/WebSocket/" + name)
            let program = try ChildProgram(["python3", "-B", path] + arguments, environment: environment)
            let code = program.waitForExit(seconds: seconds)
            return (code, program.output.wait(seconds: 2) + program.errors.wait(seconds: 2))
        }
    }

    @Test("keeps every rule of RFC 6455 that the cases ask for")
    func conformance() async throws {
        let isFull = ProcessInfo.processInfo.environment["PRAX_LONG"] != nil
        try await RunningHost.with { host in
            let arguments = [String(host.port), host.key] + (isFull ? ["--full"] : [])
            let (code, output) = try await Self.script("conformance.py", arguments, seconds: isFull ? 1200 : 120)
            #expect(code == 0, "\(output)")
        }
    }

    @Test("speaks praximous.v1 as its page says")
    func speaksTheProtocol() async throws {
        let folder = SourceTree.path("Tests/Acceptance/Fixtures/ticker")
        let manifest = try String(contentsOfFile: folder + "/skill.yaml", encoding: .utf8)
        let plugin = try PluginFixture.folder(source: folder + "/ticker.c", manifest: manifest)
        let config = try String(
            contentsOfFile: SourceTree.path("Tests/Acceptance/WebSocket/protocol.yaml"),
            encoding: .utf8
        )
        try await RunningHost.with(config: config, arguments: ["--plugin", plugin]) { host in
            let given: JSON = [
                "port": .integer(host.port), "key": .string(host.key), "host": .string(SourceTree.hostExecutable),
                "root": .string(host.root), "pid": .integer(Int(host.processID ?? 0)),
            ]
            let (code, output) = try await Self.script("protocol.py", [given.text], seconds: 180)
            #expect(code == 0, "\(output)")
        }
    }
}
