import Foundation
import Testing

/// PluginAPI/README.md is a program: its blocks marked `sh` are run.
@Suite("PluginAPI/README.md") struct ReadmeTests {
    static let blocks: [String] = {
        let text = (try? Repository.text("PluginAPI/README.md")) ?? ""
        return text.matches(of: /(?ms)^```sh\n(.*?)^```$/).map { String($0.1) }
    }()

    struct Language: Sendable, CustomTestStringConvertible {
        let name: String
        let compiler: String

        var testDescription: String { name }

        static let all = [
            Language(name: "c", compiler: "gcc"), Language(name: "cpp", compiler: "g++"),
            Language(name: "rust", compiler: "rustc"), Language(name: "swift", compiler: "swiftc"),
        ].filter { Command.isAvailable($0.compiler) }
    }

    @Test("has a block to set up, two for the way to a package, two for each of four languages, and the ending")
    func hasBlocks() {
        #expect(Self.blocks.count == 13)
        #expect(Self.blocks.first == "WORK=${WORK:-$(mktemp -d)}\n")
    }

    @Test("what it compiles exports one symbol and greets", arguments: Language.all)
    func compiles(_ language: Language) throws {
        let scratch = try Scratch()
        let block = try #require(Self.blocks.first { $0.contains("\n" + language.compiler + " ") })
        let result = try shell(block, work: scratch)
        #expect(result.status == 0)
        #expect(result.output.hasSuffix(" T prax_plugin_entry\n"))
        #expect(result.output.split(separator: "\n").count == 1, "\(result.output)")
        let library = scratch.file("greet-\(language.name)/skill.so")
        let answer = try MiniHost.run(library, #"{"title": "name", "in": {"name": 1}, "name" : "A\u0064a \"A.\""}"#)
        #expect(answer == #"finish {"greeting":"Hello, A\u0064a \"A.\"!"}"# + "\nstatus 0, ended 1 times\n")
    }

    @Test("runs from the first block to the last", .enabled(if: PraxHost.isBuilt))
    func runs() throws {
        let scratch = try Scratch()
        let missing = ["rust": "rustc", "swift": "swiftc"].filter { !Command.isAvailable($0.value) }.keys
        let script = Self.blocks.filter { block in !missing.contains { block.contains("greet-" + $0) } }.joined()
        let result = try shell(script, work: scratch)
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("Hello, Ada!"))
        #expect(result.output.contains("example/greet-c"))
    }

    private func shell(_ script: String, work: Scratch) throws -> Command {
        var environment = ["WORK": work.path]
        if let host = PraxHost.path {
            let folder = URL(filePath: host).deletingLastPathComponent().path(percentEncoded: false)
            environment["PATH"] = folder + ":" + ProcessInfo.processInfo.environment["PATH", default: ""]
        }
        return try Command.run(["sh", "-euc", script], environment: environment)
    }
}
