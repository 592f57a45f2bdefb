import Core
import Testing

@Suite struct PluginNameTests {
    @Test("a name is an owner and a name")
    func ordinary() throws {
        let name = try PluginName.parse("acme/pdf-extract")
        #expect(name.owner == "acme")
        #expect(name.name == "pdf-extract")
        #expect(name.description == "acme/pdf-extract")
        #expect(name.folderName == "acme__pdf-extract")
    }

    @Test("a name may be as short as a letter and as long as the limits", arguments: ["a/b", "1/2", "con-x/aux-1"])
    func accepts(_ text: String) throws { #expect(try PluginName.parse(text).description == text) }

    @Test("40 bytes of owner and 64 of name are the most")
    func limits() throws {
        let (owner, name) = (String(repeating: "o", count: 40), String(repeating: "n", count: 64))
        #expect(try PluginName.parse("\(owner)/\(name)").owner == owner)
        #expect(throws: PluginNameError.self) { try PluginName.parse("o\(owner)/\(name)") }
        #expect(throws: PluginNameError.self) { try PluginName.parse("\(owner)/n\(name)") }
    }

    @Test(
        "what is no name is refused with the rule it breaks",
        arguments: [
            ("../x", "may hold only"), ("x", "exactly one slash"), ("a/b/c", "exactly one slash"), ("/b", "is empty"),
            ("a/", "is empty"), ("CON/x", "may hold only"), ("con/x", "device name"), ("acme/lpt9", "device name"),
            ("\u{430}cme/x", "may hold only"), ("Acme/x", "may hold only"), ("acme/pdf_extract", "may hold only"),
            ("-a/b", "begin or end"), ("a/b-", "begin or end"), ("a\u{0}/b", "may hold only"),
            ("", "exactly one slash"),
        ]
    )
    func refuses(_ text: String, _ reason: String) {
        #expect { try PluginName.parse(text) } throws: { "\($0)".contains(reason) }
    }

    @Test("a hostile name is escaped in the message")
    func escapes() {
        #expect { try PluginName.parse("\u{1B}[31m\u{202E}/x") } throws: { error in
            "\(error)".hasPrefix(#"plugin name "\x1b[31m\u{202e}/x": "#)
        }
    }
}
