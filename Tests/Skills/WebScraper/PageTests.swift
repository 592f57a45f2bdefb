import PraximousJSON
import TestSupport
import Testing

@Suite("web_scraper: pages")
struct PageTests {
    private static let url = "https://a.example/"

    private func call(_ operation: String, _ page: ScriptedWebServer.Reply, _ more: JSONObject = [:]) throws
        -> CallRecord
    {
        var parameters: JSONObject = ["url": .string(Self.url)]
        for member in more { parameters[member.key] = member.value }
        return try Web("web_scraper", [Self.url: page]).skill.call(operation, .object(parameters))
    }

    @Test("content is shown as it came, its first 500 characters")
    func content() throws {
        let short = try call("get_page_content", .init("<p>Grüße</p>"))
        #expect(
            short.result == ["url": "https://a.example/", "raw_html_length": 12, "content_preview": "<p>Grüße</p>"]
        )
        let long = try call("get_page_content", .init(String(repeating: "é", count: 501)))
        #expect(long.result?["raw_html_length"] == 501)
        #expect(long.result?["content_preview"]?.stringValue == String(repeating: "é", count: 500) + "...")
    }

    @Test(
        "text is what people read, joined by spaces",
        arguments: [
            ("<p>Hello,\n  <b>world</b>!</p>", "Hello, world !"),
            ("<style>p{}</style><script>1<2</script><p>a</p><!-- no --><p>b &amp; c&nbsp;d &#8364;</p>", "a b & c d €"),
            ("<title>T</title><body>x<br>y<noscript>z</noscript>", "T x y z"), ("plain words", "plain words"), ("", ""),
            ("<p>a<p>b<table><td>c<td>d</table></div>", "a b c d"), ("<b", ""),
            ("<!DOCTYPE html [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><p>&e;</p>", "]> &e;"),
        ]
    )
    func text(_ html: String, _ text: String) throws {
        let call = try call("extract_text", .init(html))
        #expect(call.sentence == nil)
        #expect(call.result?["text_preview"]?.stringValue == text)
        #expect(call.result?["extracted_text_length"]?.intValue == text.unicodeScalars.count)
    }

    @Test("plain text has words and no elements")
    func plainText() throws {
        let page = ScriptedWebServer.Reply("1 < 2\n\n<b>", type: "text/plain")
        #expect(try call("extract_text", page).result?["text_preview"] == "1 < 2 <b>")
        #expect(try call("extract_elements", page, ["selector": "b"]).result?["elements_found"] == 0)
    }

    @Test("the first 20 elements are shown and all are counted")
    func manyElements() throws {
        let call = try call("extract_elements", .init(String(repeating: "<i>x</i>", count: 25)), ["selector": "i"])
        #expect(call.result?["elements_found"] == 25)
        #expect(call.result?["extracted_elements"]?.arrayValue?.count == 20)
    }

    @Test(
        "their characters are read as the header, the mark or the page says",
        arguments: [
            ("text/html", [0xC3, 0xA9], "é"), ("text/html; charset=\"UTF-8\"", [0xC3, 0xA9], "é"),
            ("TEXT/HTML; Charset=ISO-8859-1", [0xE9], "é"), ("text/html;charset=windows-1252", [0x80, 0xE9], "€é"),
            ("text/html; charset=latin1", [0xEF, 0xBB, 0xBF, 0xC3, 0xA9], "é"),
            ("text/html", [0xFF, 0xFE, 0xE9, 0], "é"),
            ("text/html; charset=utf-16be", [0, 0xE9], "é"), ("text/html", [0xE9, 0, 0x41], "\u{FFFD}\u{FFFD}A"),
            ("text/html", Array("<meta charset='iso-8859-1'>".utf8) + [0xE9], "é"),
            ("text/html", Array("<meta http-equiv=x content='text/html; charset=latin1'>".utf8) + [0xE9], "é"),
            ("application/xhtml+xml", [0xC3, 0xA9], "é"),
        ] as [(String, [UInt8], String)]
    )
    func charset(_ type: String, _ bytes: [UInt8], _ text: String) throws {
        let call = try call("extract_text", .init(headers: ["content-type": type], body: bytes))
        #expect(call.result?["text_preview"]?.stringValue == text)
    }

    @Test(
        "what is no page is refused by name",
        arguments: [
            ("content-type", "image/png", "unsupported_type", "is of type 'image/png'"),
            ("content-type", "text/html; charset=shift_jis", "unsupported_charset", "is in 'shift_jis'"),
            ("content-encoding", "gzip", "unsupported_encoding", "came compressed"),
        ]
    )
    func refused(_ header: String, _ value: String, _ code: String, _ words: String) throws {
        let call = try call("get_page_content", .init(headers: [header: value], body: [0x41]))
        #expect(call.failure?.code == code)
        #expect(call.sentence?.hasPrefix("API Error / The page at 'https://a.example/' ") == true)
        #expect(call.sentence?.contains(words) == true)
    }

    @Test("one that is nested too deeply is refused and not cut")
    func deep() throws {
        let page = ScriptedWebServer.Reply(String(repeating: "<div>", count: 100_000) + "x")
        let call = try call("extract_text", page)
        #expect(call.sentence == "Parsing Error / The page is nested too deeply.")
        #expect(try self.call("get_page_content", page).sentence == nil)
    }

    @Test("a selector that would take too long on one is given up", .timeLimit(.minutes(1)))
    func tooMuchWork() throws {
        let steps = "<a><b>"
        let page = String(repeating: String(repeating: steps, count: 40) + "</p>", count: 3)
        let whole = String(repeating: page + String(repeating: "</b></a>", count: 40), count: 1000)
        let selector = "a b a b a b a b a b i"
        let call = try call("extract_elements", .init(whole + "<i></i>"), ["selector": .string(selector)])
        // Either is right; that it ends is what counts.
        #expect(call.failure == nil || call.failure?.code == "page_too_complex")
    }
}
