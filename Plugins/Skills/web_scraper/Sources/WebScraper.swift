import PraximousJSON
import PraximousPlugin

/// Content, text and elements of web pages.
struct WebScraper: Skill {
    static let identity = PluginIdentity(id: "praximous/web-scraper", version: "1.0.0")
    static let operations = ["get_page_content", "extract_text", "extract_elements"]

    /// Longer answers are cut; the numbers beside them say how much there is.
    private static let previewLength = 500
    private static let maxElements = 20
    private static let elementLength = 10_000

    private let limits: PageLimits

    init(host: PluginHost) { limits = PageLimits(host.config() ?? [:]) }

    func execute(_ operation: String, _ parameters: JSON, _ call: Call) throws -> JSON {
        guard let url = parameters["url"]?.stringValue, !url.isEmpty else {
            throw SkillFailure("Input Error", details: "'url' parameter is required.")
        }
        let address = try PageAddress(asked: url)
        // Judged before anything is fetched.
        let selector = operation == "extract_elements" ? try Self.selector(parameters) : nil
        let page = try PageFetcher(call: call, limits: limits).fetch(address, asked: url)
        if let selector { return try Self.elements(of: page, selector, url, call) }
        return operation == "extract_text" ? try Self.text(of: page, url) : Self.content(of: page, url)
    }

    private static func selector(_ parameters: JSON) throws(SkillFailure) -> Selector {
        guard let text = parameters["selector"]?.stringValue, !text.isEmpty else {
            throw SkillFailure(
                "Input Error",
                details: "'selector' (CSS selector) is required for 'extract_elements' operation."
            )
        }
        do throws(SelectorError) {
            return try Selector(text)
        } catch {
            throw SkillFailure("Input Error", details: error.description, code: "invalid_selector")
        }
    }

    private static func content(of page: Page, _ url: String) -> JSON {
        var preview = Preview(maxLength: previewLength)
        preview.append(page.text)
        return [
            "url": .string(url), "raw_html_length": .integer(preview.length), "content_preview": .string(preview.text),
        ]
    }

    private static func text(of page: Page, _ url: String) throws(SkillFailure) -> JSON {
        var preview = Preview(maxLength: previewLength)
        if page.isPlainText {
            preview.appendWords(page.text)
        } else {
            try HTMLDocument(page.text).appendText(to: &preview)
        }
        return [
            "url": .string(url), "extracted_text_length": .integer(preview.length),
            "text_preview": .string(preview.text),
        ]
    }

    private static func elements(
        of page: Page,
        _ selector: Selector,
        _ url: String,
        _ call: Call
    ) throws -> JSON {
        var (count, texts): (Int, [String]) = (0, [])
        if !page.isPlainText {
            let document = try HTMLDocument(page.text)
            try call.checkCancelled()
            (count, texts) = try document.elements(selector, first: maxElements, maxLength: elementLength)
        }
        return [
            "url": .string(url), "selector": .string(selector.text), "elements_found": .integer(count),
            "extracted_elements": .array(texts.map(JSON.string)),
        ]
    }
}
