import PraximousJSON
import TestSupport
import Testing

@Suite("The official skills, as shipped") struct CaseTests {
    @Test("answer every case of the table", arguments: OfficialStore.skills)
    func cases(_ skill: String) async throws {
        let store = try await InstalledStore.shared.value
        let cases = try SkillCase.all().filter { $0.skill == skill }
        #expect(cases.count >= 20)
        for row in cases {
            let answer = try await store.call(skill, row.operation, row.parameters.text)
            let problem = row.problem(with: answer)
            #expect(problem == nil, "cases.jsonl:\(row.line) \(row.operation) \(row.parameters.text.prefix(200))")
        }
    }

    @Test("have their cases in the table, and no others are there")
    func table() throws {
        let cases = try SkillCase.all()
        #expect(cases.count >= 419)
        #expect(Set(cases.map(\.skill)).sorted() == OfficialStore.skills)
    }

    @Test(
        "would be noticed if they answered otherwise",
        arguments: [
            (#""result":{"a":1}"#, #"{"a":2}"#), (#""result":{"a":1}"#, #"{"a":1,"b":1}"#), (#""result":1"#, "1 2"),
            (#""result":1"#, "ERROR -1 x: y"), (#""result_includes":{"a":1}"#, #"{"b":1}"#),
            (#""error":{"status":-1,"code":"x"}"#, "ERROR -2 x: y"),
            (#""error":{"status":-1,"code":"x"}"#, "ERROR -1 z: y"),
            (#""error":{"status":-1,"code":"x","message":"m"}"#, "ERROR -1 x: n"),
            (#""error":{"status":-1,"code":"x","detail":"d"}"#, #"ERROR -1 x: m ("e")"#),
            (#""error":{"status":-1,"code":"x","detail_contains":"d"}"#, #"ERROR -1 x: m"#),
            (#""error":{"status":-1,"code":"x"}"#, "{}"),
        ]
    )
    func selfTest(_ expectation: String, _ output: String) throws {
        let row = try SkillCase(#"{"skill":"s","operation":"o","params":{},"# + expectation + "}", line: 1)
        #expect(row.problem(with: Command(exitCode: 0, output: output + "\n", errors: "")) != nil)
    }
}
