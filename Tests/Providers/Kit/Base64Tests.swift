import ProviderKit
import Testing

@Suite("Base64")
struct Base64Tests {
    /// RFC 4648, section 10.
    @Test(
        "is written as the RFC shows it, and read back",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ]
    )
    func vectors(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded.utf8) == Array(text.utf8))
    }

    @Test("may lack its padding and have the letters of URLs")
    func lenient() {
        #expect(Base64.decode("Zm8".utf8) == [0x66, 0x6F])
        #expect(Base64.decode("-_-_".utf8) == Base64.decode("+/+/".utf8))
    }

    @Test("is not read when it is none", arguments: ["Z", "Zg=", "Zm9v=", "Zm9v====", "Z m9", "Zg==Zg==", "Zg\n="])
    func refused(text: String) { #expect(Base64.decode(text.utf8) == nil) }

    @Test("gives little-endian floats, and none that is not finite")
    func floats() {
        #expect(Base64.floats("AACAPwAAAMA=") == [1, -2])
        #expect(Base64.floats("AADAfw==") == nil)
        #expect(Base64.floats("AAA=") == nil)
    }
}
