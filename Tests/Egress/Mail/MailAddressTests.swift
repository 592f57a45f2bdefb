import Egress
import Testing

@Suite struct MailAddressTests {
    @Test(
        "plain addresses are taken",
        arguments: [
            "ana@acme.example", "ana.maria+list@mail.acme.example", "o'neil@acme.example", "a@xn--bcher-kva.example",
        ]
    )
    func takes(text: String) { #expect(MailAddress(text)?.text == text) }

    @Test(
        "anything that could be taken for more than one plain address is refused",
        arguments: [
            "", "ana", "@acme.example", "ana@", "ana@acme", "ana@acme..example", ".ana@acme.example",
            "ana.@acme.example", "a..b@acme.example", "ana@-acme.example", "ana@acme.example\r\nBcc: x@evil.example",
            "ana@acme.example\n", "ana @acme.example", "<ana@acme.example>", "ana@acme.example,bob@evil.example",
            "\"ana\"@acme.example", "ana@evil.example@acme.example", "ana@[127.0.0.1]", "ána@acme.example",
            "ana@bücher.example", "ana@acme.example\0", "@evil.example:ana@acme.example",
            String(repeating: "a", count: 65) + "@acme.example",
        ]
    )
    func refuses(text: String) { #expect(MailAddress(text) == nil) }

    @Test(
        "domains are matched whole, or below a star",
        arguments: [
            (["acme.example"], "a@ACME.example", true), (["acme.example"], "a@mail.acme.example", false),
            (["*.acme.example"], "a@mail.acme.example", true), (["*.acme.example"], "a@acme.example", false),
            (["*.acme.example"], "a@evilacme.example", false), (["*"], "a@anywhere.example", true),
            ([], "a@acme.example", false),
        ] as [([String], String, Bool)]
    )
    func matches(domains: [String], address: String, expected: Bool) throws {
        #expect(MailDomains(domains).allow(try #require(MailAddress(address))) == expected)
    }
}
