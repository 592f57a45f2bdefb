import Core
import Testing

@testable import Access

@Suite struct APIKeyTextTests {
    private let text = "prax_live_abcdefghijkl_" + String(repeating: "0", count: 43)

    private func id(of text: String) -> String? {
        var text = text
        return text.withUTF8 { APIKeyText.id(of: $0) }
    }

    @Test("the CRC-32 is the one of gzip", arguments: [("", 0), ("123456789", 0xCBF4_3926), ("a", 0xE8B7_BE43)])
    func crc(text: String, expected: UInt32) {
        #expect(Array(text.utf8).withUnsafeBufferPointer { CRC32.of($0) } == expected)
    }

    @Test(
        "six base62 digits hold any checksum",
        arguments: [(0, "000000"), (61, "00000z"), (62, "000010"), (.max, "4gfFC3")] as [(UInt32, String)]
    )
    func base62(number: UInt32, expected: String) {
        #expect(String(decoding: Base62.digits(of: number), as: UTF8.self) == expected)
    }

    @Test("a composed key is read back to its id")
    func composes() {
        let key = APIKeyText.compose(
            environment: .live,
            id: "abcdefghijkl",
            secret: String(repeating: "0", count: 43)
        )
        #expect(key.exposed.hasPrefix(text))
        #expect(id(of: key.exposed) == "abcdefghijkl")
    }

    @Test("a typo in any place is noticed without a look-up")
    func typos() {
        let key = Array(
            APIKeyText.compose(environment: .live, id: "abcdefghijkl", secret: String(repeating: "0", count: 43))
                .exposed
        )
        for place in key.indices {
            var wrong = key
            wrong[place] = wrong[place] == "b" ? "c" : "b"
            #expect(id(of: String(wrong)) == nil)
        }
    }

    @Test("the id and what separates it must have the right form", arguments: ["ABCDEFGHIJKL", "abcdefghijk0"])
    func badIDs(id badID: String) {
        let key = APIKeyText.compose(environment: .live, id: badID, secret: String(repeating: "0", count: 43))
        #expect(id(of: key.exposed) == nil)
    }
}
