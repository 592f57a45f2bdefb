import Foundation
import Testing

@Suite("Layout") struct LayoutTests {
    static let golden: [String] = {
        let text = (try? Repository.text("PluginAPI/abi.txt")) ?? ""
        return text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }()

    @Test(
        "abi.txt is what the compiler says, line by line",
        arguments: ["gcc", "clang"].filter { Command.isAvailable($0) }
    )
    func matches(_ compiler: String) throws {
        let scratch = try Scratch()
        let program = scratch.file("abi_dump")
        let source = Repository.path("Tests/ABI/Fixtures/abi_dump.c")
        let built = try Command.run([compiler, "-std=c11", "-I", Repository.headers, source, "-o", program])
        #expect(built.output == "")
        let found = try Command.run([program]).output.split(separator: "\n").map(String.init)
        #expect(found == Self.golden)
    }

    @Test("abi_check.h asserts every struct and field of abi.txt, and nothing else")
    func assertsEverything() throws {
        let expected = Self.golden.compactMap { line -> String? in
            let words = line.split(separator: " ")
            switch words.first {
            case "struct": return "PRAX_ABI_SIZE(\(words[1]), \(words[3]));"
            case "field":
                let name = words[1].replacing(".", with: ", ")
                return "PRAX_ABI_FIELD(\(name), \(words[3]), \(words[5]));"
            default: return nil
            }
        }
        let found = try Repository.text("PluginAPI/include/praximous/abi_check.h").split(separator: "\n")
            .map(String.init).filter { $0.hasPrefix("PRAX_ABI_") }
        #expect(found == expected)
    }

    @Test("every struct of the headers is in abi.txt")
    func coversEveryStruct() throws {
        let names = HeaderTests.names.filter { !$0.hasPrefix("extras/") }
        let headers = try names.map { try Repository.text("PluginAPI/include/praximous/\($0).h") }.joined()
        let defined = headers.matches(of: /typedef struct (\w+) \{/).map { String($0.1) }.sorted()
        let listed = Self.golden.filter { $0.hasPrefix("struct ") }.map { String($0.split(separator: " ")[1]) }.sorted()
        #expect(defined == listed)
    }

    @Test("the fields of abi.txt fill their structs, so that none was forgotten")
    func leavesNoGaps() {
        var (size, end) = (0, 0)
        for line in Self.golden where line.hasPrefix("struct ") || line.hasPrefix("field ") {
            let numbers = line.split(separator: " ").compactMap { Int($0) }
            if line.hasPrefix("struct ") {
                #expect(end == size, "the struct before \(line) has bytes behind its last field")
                (size, end) = (numbers[0], 0)
            } else {
                // Four bytes may be skipped to reach the next multiple of eight: the room behind a single uint32_t.
                let skipped = numbers[0] - end
                #expect(skipped == 0 || skipped == 4 && numbers[0] % 8 == 0, "something is missing before \(line)")
                end = numbers[0] + numbers[1]
            }
        }
        #expect(end == size)
    }

    @Test("a field that was put between others does not compile")
    func refusesInsertion() throws {
        let scratch = try Scratch()
        let copy = scratch.file("include")
        try FileManager.default.copyItem(atPath: Repository.headers, toPath: copy)
        let header = copy + "/praximous/host/log.h"
        let text = try String(contentsOfFile: header, encoding: .utf8)
        let edited = text.replacing("    int32_t (*enabled)", with: "    void *inserted;\n    int32_t (*enabled)")
        #expect(edited != text)
        try edited.write(toFile: header, atomically: true, encoding: .utf8)
        let source = Repository.path("Tests/ABI/Fixtures/macros.c")
        let result = try Command.run(["gcc", "-std=c11", "-fsyntax-only", "-I", copy, source])
        #expect(result.status == 1)
        #expect(result.output.contains("prax_host_log changed its size"))
        #expect(result.output.contains("prax_host_log.enabled moved or changed its type"))
    }
}
