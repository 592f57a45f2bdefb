import Testing

struct HeaderCompiler: Sendable, CustomTestStringConvertible {
    let program: String
    let standard: String
    let flags: [String]

    var language: String { standard.hasPrefix("c++") ? "c++" : "c" }
    var testDescription: String { "\(program) -std=\(standard)" }

    static let all: [HeaderCompiler] = [
        HeaderCompiler(program: "gcc", standard: "c11", flags: ["-Wconversion"]),
        HeaderCompiler(program: "clang", standard: "c11", flags: ["-Wconversion"]),
        HeaderCompiler(program: "gcc", standard: "c17", flags: ["-Wconversion", "-Wshadow", "-Wstrict-prototypes"]),
        HeaderCompiler(program: "g++", standard: "c++17", flags: []),
        HeaderCompiler(program: "clang++", standard: "c++17", flags: []),
        HeaderCompiler(program: "clang++", standard: "c++20", flags: []),
    ].filter { Command.isAvailable($0.program) }

    func check(_ files: [String], headers: String = Repository.headers) throws -> Command {
        let warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"] + flags
        return try Command.run(
            [program, "-std=\(standard)"] + warnings + ["-fsyntax-only", "-I", headers, "-x", language] + files
        )
    }
}

@Suite("Headers") struct HeaderTests {
    static let names = [
        "types", "status", "host", "host/call", "host/log", "host/config", "host/http", "host/kv", "host/invoke",
        "host/vector", "host/metrics", "host/mail", "skill", "provider", "vectorstore", "plugin", "abi_check",
        "extras/json", "extras/json_reader", "extras/json_writer",
    ]

    @Test("each header compiles alone and without a warning", arguments: HeaderCompiler.all)
    func compiles(_ compiler: HeaderCompiler) throws {
        let scratch = try Scratch()
        let files = try Self.names.map { name in
            try scratch.write("#include <praximous/\(name).h>\n", to: name.replacing("/", with: "-") + ".c")
        }
        let result = try compiler.check(files)
        #expect(result.output == "")
        #expect(result.status == 0)
    }

    @Test("PRAX_HAS and PRAX_STR are clean where they are used", arguments: HeaderCompiler.all)
    func macrosAreClean(_ compiler: HeaderCompiler) throws {
        let result = try compiler.check([Repository.path("Tests/ABI/Fixtures/macros.c")])
        #expect(result.output == "")
        #expect(result.status == 0)
    }

    @Test("the headers are a module that Swift imports")
    func importsIntoSwift() throws {
        let file = Repository.path("Tests/ABI/Fixtures/Import.swift")
        let result = try Command.run(
            ["swiftc", "-typecheck", "-swift-version", "6", "-warnings-as-errors", "-I", Repository.headers, file]
        )
        #expect(result.output == "")
        #expect(result.status == 0)
    }
}
