import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("plugins dev and plugins call") struct DevTests {
    @Test("dev serves a project, builds and restarts it on save, outlives a mistake, and goes with SIGINT")
    func dev() async throws {
        let author = try Author()
        let folder = author.path("notes")
        #expect(
            try await author.host("plugins", "new", "acme/notes", "--lang", "c", "--dir", folder).exitCode == 0
        )
        try await Blocking.run {
            let own = ProcessInfo.processInfo.environment
            let program = try ChildProgram(
                [SourceTree.hostExecutable, "plugins", "dev", folder, "--port", "0"],
                environment: own.merging(["PRAX_ROOT": author.path("root")]) { $1 }
            )
            defer { program.signal(SIGKILL) }
            let first = program.errors.wait(seconds: 60) { $0.contains("Watching") }
            #expect(first.contains("Watching"), "\(first)")
            let source = folder + "/src/plugin.c"
            let text = try String(contentsOfFile: source, encoding: .utf8)
            try text.replacingOccurrences(of: "Hello", with: "Howdy")
                .write(toFile: source, atomically: false, encoding: .utf8)
            let output = program.output.wait(seconds: 60) { $0.contains(" -> ") && $0.hasSuffix("\n") }
            let line = try #require(output.split(separator: "\n").last { $0.contains(" -> ") }, "\(output)")
            #expect(line.contains(/^acme\/notes: [0-9a-f]{12} -> [0-9a-f]{12}, ok$/))
            try "int main(".write(toFile: source, atomically: false, encoding: .utf8)
            let errors = program.errors.wait(seconds: 60) { $0.contains("was not built") }
            #expect(errors.contains("was not built"))
            #expect(program.isRunning)
            program.signal(SIGINT)
            #expect(program.waitForExit(seconds: 30) == 0)
        }
    }

    @Test("call runs an operation of a project's folder, and shows its events with --stream")
    func call() async throws {
        let author = try Author()
        let folder = author.path("model")
        let new = try await author.host(
            "plugins",
            "new",
            "acme/model",
            "--kind",
            "provider",
            "--lang",
            "c",
            "--dir",
            folder
        )
        #expect(new.exitCode == 0)
        #expect(try await author.host("plugins", "build", folder).exitCode == 0)
        let arguments = #"{"model": "m", "messages": [{"role": "user", "content": "Hi"}], "stream": true}"#
        let call = try await author.host(
            "plugins",
            "call",
            folder,
            "chat",
            "--stream",
            "--json-args",
            arguments
        )
        let lines = try call.output.split(separator: "\n").map { try JSON.parse(String($0)) }
        #expect(
            lines.map { $0["kind"] } == ["delta", "delta", "delta", "delta", "result"],
            "\(call.output) \(call.errors)"
        )
        let choice = lines.first?["data"]?["choices"]?.arrayValue?.first
        #expect(choice?["delta"] == ["role": "assistant", "content": "Hello"])
        let quiet = try await author.host("plugins", "call", folder, "chat", "--json-args", arguments)
        #expect(try JSON.parse(quiet.output) == lines.last?["data"])
    }
}
