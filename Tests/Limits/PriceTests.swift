import Core
import Foundation
import Limits
import Manifests
import Storage
import TestSupport
import Testing

@Suite("Prices") struct PriceTests {
    private func table(_ text: String) throws -> PriceTable {
        try PriceTable(yaml: Array(text.utf8), source: "prices.yaml")
    }

    @Test(
        "a pattern fits a model's name as a whole",
        arguments: [
            ("gpt-4o", "gpt-4o", true), ("gpt-4o", "gpt-4o-mini", false), ("gpt-4o*", "gpt-4o-mini", true),
            ("*", "", true), ("*", "x", true), ("*-mini", "gpt-4o-mini", true), ("*-mini", "gpt-4o-mini-2", false),
            ("a*b*c", "abbbc", true), ("a*b*c", "acb", false), ("a**", "a", true), ("GPT*", "gpt", false),
            ("*a*a*a*b", String(repeating: "a", count: 2000), false),
        ]
    )
    func patterns(pattern: String, name: String, fits: Bool) throws {
        #expect(try #require(ModelPattern(pattern)).matches(name) == fits)
    }

    @Test("the first entry that fits counts, and one with a provider only for that provider")
    func order() throws {
        let prices = try table(
            """
            prices:
              - { model: "*", provider: local_llm, free: true }
              - { model: "gpt-4o-mini*", input: 0.15, output: 0.6, cached_input: 0.075 }
              - { model: "gpt-4o*", input: 2.50, output: 10 }
            """
        )
        #expect(prices.price(provider: "local_llm", model: "gpt-4o") == .free)
        #expect(
            prices.price(provider: "openai", model: "gpt-4o-mini")
                == TokenPrice(input: 150_000, output: 600_000, cachedInput: 75_000)
        )
        #expect(
            prices.price(provider: "azure", model: "gpt-4o-2024-08-06")
                == TokenPrice(input: 2_500_000, output: 10_000_000, cachedInput: 2_500_000)
        )
        #expect(prices.price(provider: "openai", model: "o9") == nil)
    }

    @Test(
        "a call costs its tokens at their prices, rounded up to a millionth of a dollar",
        arguments: [
            (TokenUsage(inputTokens: 1_000_000, outputTokens: 0), 2_500_000),
            (TokenUsage(inputTokens: 0, outputTokens: 1_000_000), 10_000_000),
            (TokenUsage(inputTokens: 1000, outputTokens: 500, cachedInputTokens: 400), 7000),
            (TokenUsage(inputTokens: 1, outputTokens: 0), 3), (TokenUsage(inputTokens: 0, outputTokens: 0), 0),
            (TokenUsage(inputTokens: -5, outputTokens: -7, cachedInputTokens: -1), 0),
            // More cached than sent.
            (TokenUsage(inputTokens: 10, outputTokens: 0, cachedInputTokens: 99), 13),
            (TokenUsage(inputTokens: .max, outputTokens: .max), .max),
        ] as [(TokenUsage, Int64)]
    )
    func costs(usage: TokenUsage, micros: Int64) {
        let price = TokenPrice(input: 2_500_000, output: 10_000_000, cachedInput: 1_250_000)
        #expect(price.cost(of: usage) == micros)
    }

    @Test(
        "what cannot be a price is refused, with its line",
        arguments: [
            ("input: -1, output: 1", "the number -1"), ("input: .nan, output: 1", "the number .nan"),
            ("input: .inf, output: 1", "the number .inf"), ("input: 1e9, output: 1", "the number 1e9"),
            ("input: 100001, output: 1", "the number 100001"), ("input: \"1\", output: 1", "\"1\""),
            ("input: 0.0000001, output: 1", "the number 0.0000001"), ("input: cheap, output: 1", "\"cheap\""),
            ("input: 99999999999999999999, output: 1", "the number 99999999999999999999"),
        ]
    )
    func bad(fields: String, found: String) {
        let text = "prices:\n  - { model: good, free: true }\n  - { model: m, \(fields) }\n"
        let expected =
            "prices.yaml:3:24: expected USD for a million tokens, 0 to 100000 with at most six digits after the point, "
            + "for input, found \(found)"
        #expect(throws: YAMLProblems(problems: [expected])) { try table(text) }
    }

    @Test(
        "an entry says a model, and either prices or that it is free",
        arguments: [
            ("{ input: 1, output: 1 }", "expected the key model"),
            ("{ model: m, input: 1 }", "expected the key output"),
            ("{ model: m, free: true, input: 1 }", "expected either free: true or prices, found both"),
            ("{ model: m, input: 1, output: 1, ouput: 2 }", "unknown key \"ouput\"; did you mean output?"),
            ("{ model: \"\", free: true }", "expected a model's name of 1 to 256 bytes"),
        ]
    )
    func incomplete(entry: String, problem: String) throws {
        let error = #expect(throws: YAMLProblems.self) { try table("prices: [\(entry)]") }
        #expect(error?.description.contains(problem) == true)
    }

    @Test("the file that ships with the host can be read, knows the usual models, and takes none for another")
    func shipped() throws {
        let path = SourceTree.path("Host/Limits/prices.yaml")
        let prices = try PriceFiles(operators: "/nowhere", shipped: path).read()
        #expect(prices.price(provider: "a", model: "gpt-4o-mini-2024-07-18")?.input == 150_000)
        #expect(prices.price(provider: "a", model: "gpt-4o-2024-08-06")?.output == 10_000_000)
        #expect(prices.price(provider: "a", model: "gpt-5.4-mini")?.output == 4_500_000)
        #expect(prices.price(provider: "a", model: "claude-haiku-4-5")?.input == 1_000_000)
        #expect(prices.price(provider: "a", model: "claude-opus-5-5")?.cachedInput == 200_000)
        #expect(prices.price(provider: "a", model: "claude-opus-5")?.cachedInput == 500_000)
        #expect(prices.price(provider: "a", model: "gpt-4o-2024-05-13")?.input == 5_000_000)
        for other in [
            "gpt-5.1-codex-mini", "o4-mini-deep-research", "o3-deep-research", "gemini-2.5-pro-preview-tts",
            "gpt-3.5-turbo-instruct", "gpt-4o-audio-preview", "claude-opus-6",
        ] {
            #expect(prices.price(provider: "a", model: other) == nil, "\(other)")
        }
        #expect(prices.price(provider: "local", model: "anything") == .free)
        #expect(prices.price(provider: "a", model: "unheard-of") == nil)
    }

    @Test("a changed file counts within a second, a broken one leaves the prices as they were and is reported once")
    func reload() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/prices.yaml"
        func write(_ price: String) throws {
            try Data("prices: [{ model: m, input: \(price), output: 1 }]".utf8)
                .write(to: URL(fileURLWithPath: path), options: .atomic)
        }
        try write("1")
        let files = PriceFiles(operators: path, shipped: nil)
        let book = PriceBook(try files.read())
        let candidate = LimitCandidate(provider: "p", model: "m")
        #expect(book.price(of: candidate)?.input == 1_000_000)
        let reports = Reports()
        let gate = try LimitGate(
            keys: .init(path: folder.path + "/a.db"),
            ledger: .init(path: folder.path + "/b.db"),
            prices: book,
            priceFiles: files,
            report: { reports.add($0) }
        )
        try write("2")
        await gate.refresh()
        #expect(book.price(of: candidate)?.input == 2_000_000)
        try write("-3")
        await gate.refresh()
        await gate.refresh()
        #expect(book.price(of: candidate)?.input == 2_000_000)
        #expect(reports.all.count == 1)
        #expect(reports.all.first?.contains("prices.yaml:1:29: expected USD") == true)
        try FileManager.default.removeItem(atPath: path)
        await gate.refresh()
        #expect(book.price(of: candidate) == nil)
    }
}
