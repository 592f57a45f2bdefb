import PraximousJSON
import TestSupport
import Testing

@Suite("web_scraper: selectors")
struct SelectorTests {
    private static let page = """
        <!DOCTYPE html><html lang="en-GB"><head><title>T</title></head><body id="top" class="wide page">
        <ul class="menu"><li>one</li><li class="current item">two</li><li data-kind="it's &quot;x&quot;">three</li></ul>
        <div class="box"><p>first</p><p>second</p><div><p>inner</p><a href="https://a.example/x.pdf">pdf</a></div></div>
        <A HREF="/rel" Title="Größe">link</A></body></html>
        """

    private func found(_ selector: String) throws -> JSON? {
        let web = try Web("web_scraper", ["https://a.example/": .init(Self.page)])
        let call = web.skill.call("extract_elements", ["url": "https://a.example/", "selector": .string(selector)])
        #expect(call.sentence == nil)
        return call.result?["extracted_elements"]
    }

    @Test(
        "find what CSS means by them",
        arguments: [
            ("li", ["one", "two", "three"]), ("LI", ["one", "two", "three"]), (".item", ["two"]),
            ("li.current.item", ["two"]),
            (".ite", []), ("#top > ul li:first-child", ["one"]), ("li:nth-child(3)", ["three"]),
            ("li:nth-child( 2 )", ["two"]), ("li:nth-child(4)", []), (".box > p", ["first", "second"]),
            (".box p", ["first", "second", "inner"]), (".box>div>p", ["inner"]),
            ("body p, li.item", ["two", "first", "second", "inner"]),
            ("p,p", ["first", "second", "inner"]), ("[href]", ["pdf", "link"]), ("a[href$=\".pdf\"]", ["pdf"]),
            ("a[href^='https:']", ["pdf"]), ("a[href^=x]", []), ("a[href*=el]", ["link"]),
            ("a[href=\"/rel\"]", ["link"]),
            ("[href$='']", []),
            ("[title=Größe]", ["link"]), ("[title$=öße]", ["link"]), ("*[data-kind]", ["three"]),
            ("[data-kind='it']", []), (".wide .menu > *:first-child", ["one"]), ("ul ul", []), ("html title", ["T"]),
        ]
    )
    func finds(_ selector: String, _ texts: [String]) throws {
        #expect(try found(selector) == .array(texts.map(JSON.string)))
    }

    @Test("compare values with quotes of either kind as they are")
    func quotes() throws {
        #expect(try found(#"[data-kind^="it's "]"#) == ["three"])
        #expect(try found(#"[data-kind$='"x"']"#) == ["three"])
        #expect(try found(#"[data-kind='"] or true() or @x["']"#) == [])
    }

    @Test(
        "are refused when they are none of the known, before anything is fetched",
        arguments: [
            "p:hover", "p::before", "a + b", "a ~ b", "li:nth-child(2n)", "li:nth-child(0)", "li:not(.a)", "[a", "[a=]",
            "[a=\"x]", "[a~=x]", "[a|=x]", ".", "#", ">", "> p", "p >", "p > > a", ",", "p,", "p)", "1a", "a\\:b", "p]",
            "a{}", "//a", "@a", "a[b='x' i]",
        ]
    )
    func refuses(_ selector: String) throws {
        let web = try Web("web_scraper")
        let call = web.skill.call("extract_elements", ["url": "https://a.example/", "selector": .string(selector)])
        #expect(call.failure?.code == "invalid_selector")
        #expect(call.sentence?.hasPrefix("Input Error / 'selector' has ") == true)
        #expect(web.urls.isEmpty)
    }

    @Test("are bounded")
    func bounded() throws {
        let web = try Web("web_scraper")
        for selector in [String(repeating: "a", count: 501), String(repeating: "a ", count: 17)] {
            let call = web.skill.call("extract_elements", ["url": "https://a.example/", "selector": .string(selector)])
            #expect(call.failure?.code == "invalid_selector")
        }
    }
}
