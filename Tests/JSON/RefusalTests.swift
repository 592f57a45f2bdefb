import PraximousJSON
import Testing

@Suite("What is not JSON") struct RefusalTests {
    @Test(
        "is refused by the parser with the reason and the byte",
        arguments: [
            RefusedText.structure, RefusedText.numbers, RefusedText.strings,
        ].flatMap { $0 }
    )
    func parser(_ refused: RefusedText) {
        let error = #expect(throws: JSONError.self) { try JSON.parse(refused.text) }
        #expect(error?.reason == refused.reason)
        #expect(error?.offset == refused.offset)
    }

    @Test(
        "is refused by the validator, except names that come twice",
        arguments: [
            RefusedText.structure, RefusedText.numbers, RefusedText.strings,
        ].flatMap { $0 }
    )
    func validator(_ refused: RefusedText) {
        #expect(validates(Array(refused.text.utf8)) == (refused.reason == .duplicateKey))
    }

    @Test(
        "is refused when its bytes are not UTF-8",
        arguments: [
            [0x80], [0xBF], [0xFF], [0xFE],
            // Overlong: "/" in two and three bytes, NUL in two, U+FFFF in four.
            [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xC0, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
            // Surrogates, alone and as a pair.
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xED, 0xA0, 0xB4, 0xED, 0xB4, 0x9E],
            // Past U+10FFFF.
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
            // Cut off before the end.
            [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98],
        ] as [[UInt8]]
    )
    func encoding(_ bytes: [UInt8]) {
        let plain = Array("[\"".utf8) + bytes + Array("\"]".utf8)
        #expect(reason(of: plain) == .invalidUTF8)
        let afterEscape = Array("[\"\\n".utf8) + bytes + Array("\"]".utf8)
        #expect(reason(of: afterEscape) == .invalidUTF8)
        let beforeEscape = Array("[\"".utf8) + bytes + Array("\\n\"]".utf8)
        #expect(reason(of: beforeEscape) == .invalidUTF8)
        let name = Array("{\"".utf8) + bytes + Array("\":1}".utf8)
        #expect(reason(of: name) == .invalidUTF8)
        let bare = Array("[".utf8) + bytes + Array("]".utf8)
        #expect(reason(of: bare) == .unexpectedCharacter)
        for text in [plain, afterEscape, beforeEscape, name, bare] { #expect(!validates(text)) }
    }

    @Test("is said in one sentence with the place")
    func description() {
        let error = #expect(throws: JSONError.self) { try JSON.parse(#"{"a":1,"a":2}"#) }
        #expect(error?.description == "duplicate member name at byte 7")
    }

    private func reason(of bytes: [UInt8]) -> JSONError.Reason? {
        do {
            _ = try JSON.parse(bytes)
            return nil
        } catch {
            return error.reason
        }
    }
}
