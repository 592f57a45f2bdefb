import Testing

@Suite("JSON helper for C") struct JSONHelperTests {
    @Test("reads, writes, and survives 200,000 broken inputs under the sanitisers")
    func isSafe() throws {
        let scratch = try Scratch()
        let program = scratch.file("json_check")
        let sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
        let source = Repository.path("Tests/ABI/Fixtures/json_check.c")
        let built = try Command.run(
            ["gcc", "-std=c11", "-g", "-O1", "-Wall", "-Wextra", "-Werror"] + sanitizers
                + ["-I", Repository.headers, source, "-o", program]
        )
        #expect(built.output == "")
        let result = try Command.run([program])
        #expect(result.output == "")
        #expect(result.status == 0)
    }
}
