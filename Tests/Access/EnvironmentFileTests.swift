import Core
import Testing

@Suite struct EnvironmentFileTests {
    @Test(
        "a line gives its name and value",
        arguments: [
            ("A=b", "b"), ("  A = b  ", "b"), ("export A=b", "b"), ("A=", ""), ("A=b=c", "b=c"), ("A=b\r\n", "b"),
            ("A=b # why", "b"), ("A=b#c", "b#c"), ("A=# why", ""), ("A='b # \"c\" $d \\n'", "b # \"c\" $d \\n"),
            ("A=\"b\\n\\\"c\\\" \\$d \\\\ \\t\" # why", "b\n\"c\" $d \\ \t"), ("A=\"\"", ""), ("A=it's", "it's"),
            ("\u{FEFF}A=b", "b"), ("# c\n\nA=b", "b"), ("A=a\nA=b", "b"), ("exportA=x\nA=b", "b"), ("A=ü€😀", "ü€😀"),
        ]
    )
    func parses(text: String, expected: String) throws {
        #expect(try EnvironmentFile.parse(text)["A"]?.exposed == expected)
    }

    @Test(
        "what cannot be read is named with its line and without its text",
        arguments: [
            ("A=b\nhunter2", 2, EnvironmentLine.Problem.noEquals), ("1A=hunter2", 1, .badName),
            ("=hunter2", 1, .badName), ("A-B=hunter2", 1, .badName), ("A='hunter2", 1, .openQuote),
            ("A=\"hunter2", 1, .openQuote), ("A=\"hunter2\\", 1, .openQuote), ("A='x'hunter2", 1, .textAfterQuote),
            ("\r\n\r\nA=\"hunter2\\q\"", 3, .badEscape), ("A=hunter2\u{0}", 1, .badValue),
        ]
    )
    func refuses(text: String, line: Int, problem: EnvironmentLine.Problem) {
        let error = #expect(throws: EnvironmentFileError.self) { try EnvironmentFile.parse(text) }
        #expect(error?.line == line)
        #expect(error?.problem == problem)
        #expect(error?.description.contains("hunter2") == false)
        #expect(error?.description.hasPrefix("line \(line): ") == true)
    }

    @Test(
        "setting a variable leaves comments, order and other values as they were",
        arguments: [
            ("", "K=new\n"), ("# top\nB=1\n", "# top\nB=1\nK=new\n"), ("K=old # note\nB='2'\n", "K=new\nB='2'\n"),
            ("export K=a\n\n# c\nK=b\nZ=1", "export K=a\n\n# c\nK=new\nZ=1\n"),
        ]
    )
    func sets(text: String, expected: String) throws {
        #expect(try EnvironmentFile.parse(text).text(setting: "K", to: Secret("new")).exposed == expected)
    }

    @Test(
        "a value that was set is read back",
        arguments: ["", "plain", "a b", "a#b", " # ", "'\"$`\\", "line\nline\r\n", "ü", "-----BEGIN X-----\nab+/=\n"]
    )
    func roundTrip(value: String) throws {
        let text = try EnvironmentFile.empty.text(setting: "K", to: Secret(value)).exposed
        #expect(try EnvironmentFile.parse(text)["K"]?.exposed == value)
    }

    @Test("a value does not show when the file is printed")
    func hides() throws {
        let file = try EnvironmentFile.parse("A=hunter2\n")
        var printed = "\(file)"
        dump(file, to: &printed)
        #expect(!printed.contains("hunter2"))
    }
}
