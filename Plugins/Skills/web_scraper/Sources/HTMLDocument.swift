import CXML2
import PraximousPlugin

/// A page as libxml2 reads it: forgiving, without the network and without entities of the page's own.
///
/// libxml2 stops at 256 elements inside one another, and XPath at so many steps, so that no page of 2 MiB takes more than
/// seconds or a stack.
final class HTMLDocument {
    private static let maxXPathSteps: UInt = 10_000_000
    private static let isReady: Void = xmlInitParser()

    private let document: htmlDocPtr

    init(_ text: String) throws(SkillFailure) {
        Self.isReady
        guard let context = htmlNewParserCtxt() else { throw .tooHard("There is no memory to read the page.") }
        defer { htmlFreeParserCtxt(context) }
        let options =
            HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue
            | HTML_PARSE_NONET.rawValue | HTML_PARSE_COMPACT.rawValue
        // libxml2 has no document of nothing.
        var text = text.isEmpty ? " " : text
        let parsed = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { bytes in
                htmlCtxtReadMemory(
                    context,
                    bytes.baseAddress,
                    Int32(clamping: bytes.count),
                    nil,
                    "UTF-8",
                    Int32(options)
                )
            }
        }
        guard let parsed else { throw .tooHard("The page is no HTML.") }
        document = parsed
        // It gave up: half a page must not pass for a whole one.
        if context.pointee.disableSAX != 0 { throw .tooHard("The page is nested too deeply.") }
    }

    deinit { xmlFreeDoc(document) }

    /// All text but that of scripts and styles.
    func appendText(to preview: inout Preview) {
        if let root = xmlDocGetRootElement(document) { Self.appendText(of: root, to: &preview) }
    }

    /// How many elements there are, and the texts of the first.
    func elements(
        _ selector: Selector,
        first maxCount: Int,
        maxLength: Int
    ) throws(SkillFailure) -> (count: Int, texts: [String]) {
        guard let context = xmlXPathNewContext(document) else { throw .tooHard("There is no memory for the selector.") }
        defer { xmlXPathFreeContext(context) }
        context.pointee.opLimit = Self.maxXPathSteps
        // In place of its own, which writes to the standard error.
        context.pointee.error = { _, _ in }
        guard let result = xmlXPathEvalExpression(selector.xPath, context) else {
            throw .tooHard("The selector means too much work on this page; a simpler one may do.")
        }
        defer { xmlXPathFreeObject(result) }
        guard let set = result.pointee.nodesetval?.pointee, let nodes = set.nodeTab else { return (0, []) }
        let count = Int(set.nodeNr)
        let texts = (0..<min(count, maxCount)).map { position in
            var preview = Preview(maxLength: maxLength)
            if let node = nodes[position] { Self.appendText(of: node, to: &preview) }
            return preview.text
        }
        return (count, texts)
    }

    /// In the order of the document; no recursion.
    private static func appendText(of root: xmlNodePtr, to preview: inout Preview) {
        var node = root
        while true {
            if node.pointee.type == XML_TEXT_NODE, let content = node.pointee.content {
                preview.appendWords(String(cString: content))
            }
            if let child = node.pointee.children, node.pointee.type == XML_ELEMENT_NODE, !isSilent(node) {
                node = child
                continue
            }
            while node != root, node.pointee.next == nil, let parent = node.pointee.parent { node = parent }
            guard node != root, let next = node.pointee.next else { return }
            node = next
        }
    }

    /// Whether what an element holds is no text for people.
    private static func isSilent(_ node: xmlNodePtr) -> Bool {
        let name = String(cString: node.pointee.name)
        return name == "script" || name == "style"
    }
}

extension SkillFailure {
    fileprivate static func tooHard(_ reason: String) -> SkillFailure {
        SkillFailure("Parsing Error", details: reason, status: .upstream, code: "page_too_complex")
    }
}
