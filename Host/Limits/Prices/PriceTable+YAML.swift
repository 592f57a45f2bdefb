import Core
import Manifests

extension PriceTable {
    /// A hundred thousand dollars for a million tokens: more was mistyped.
    private static let maxPrice: Int64 = 100_000 * USDAmount.microsPerDollar
    private static let maxEntries = 2000

    /// Reads a file of prices, in USD for a million tokens.
    ///
    /// ```yaml
    /// unknown: deny            # or allow; left out: deny where a budget applies
    /// prices:
    ///   - { model: "gpt-4o-mini*", input: 0.15, output: 0.60, cached_input: 0.075 }
    ///   - { model: "*", provider: local_llm, free: true }
    /// ```
    ///
    /// Throws ``YAMLProblems`` or ``YAMLError`` with the lines.
    package init(yaml bytes: [UInt8], source: String) throws {
        self.init()
        guard bytes.contains(where: { !" \t\r\n".utf8.contains($0) }) else { return }
        let document = try YAMLDocument.parse(bytes, source: source)
        let report = YAMLReport(source: source)
        if let top = YAMLMapping(document.root, report) {
            unknown = top.word("unknown", UnknownPrice.self)
            let items = top.list("prices") ?? []
            if items.count > Self.maxEntries {
                report.problem("expected at most \(Self.maxEntries) prices, found \(items.count)", at: document.root)
            }
            entries = items.prefix(Self.maxEntries).compactMap { item in
                YAMLMapping(item, report).flatMap(Self.entry)
            }
            top.finish()
        }
        try report.check()
    }

    private static func entry(_ item: YAMLMapping) -> Entry? {
        defer { item.finish() }
        let name = item.string("model")
        if item.value("model") == nil { item.missing("model", "\"gpt-4o*\"") }
        let provider = item.string("provider")
        let isFree = item.bool("free") ?? false
        let input = price("input", item)
        let output = price("output", item)
        let cached = price("cached_input", item)
        guard let name else { return nil }
        guard let model = ModelPattern(name) else {
            item.problem("expected a model's name of 1 to \(ModelPattern.maxBytes) bytes", atKey: "model")
            return nil
        }
        if isFree {
            let hasPrice = ["input", "output", "cached_input"].contains { item.value($0) != nil }
            if hasPrice { item.problem("expected either free: true or prices, found both", atKey: "free") }
            return Entry(model: model, provider: provider, price: .free)
        }
        if item.value("input") == nil { item.missing("input", "2.50, or free: true") }
        if item.value("output") == nil { item.missing("output", "10.00") }
        guard let input, let output else { return nil }
        return Entry(
            model: model,
            provider: provider,
            price: TokenPrice(input: input, output: output, cachedInput: cached)
        )
    }

    private static func price(_ key: String, _ item: YAMLMapping) -> Int64? {
        guard let node = item.value(key) else { return nil }
        if case .scalar(let text, isPlain: true) = node.content, let micros = USDAmount.parse(text),
            micros <= maxPrice
        {
            return micros
        }
        item.report.problem(
            "expected USD for a million tokens, 0 to 100000 with at most six digits after the point, for \(key), "
                + "found \(node.briefly)",
            at: node
        )
        return nil
    }
}
