package import Core

/// What a model's tokens cost, in micro-USD for a million tokens: 2.50 USD per million is 2,500,000.
package struct TokenPrice: Sendable, Hashable {
    package let input: Int64
    package let output: Int64
    package let cachedInput: Int64

    package init(input: Int64, output: Int64, cachedInput: Int64? = nil) {
        self.input = input
        self.output = output
        self.cachedInput = cachedInput ?? input
    }

    package static let free = TokenPrice(input: 0, output: 0)

    package var isFree: Bool { input == 0 && output == 0 && cachedInput == 0 }

    /// The cost of a call in micro-USD, rounded up; no more than `Int64.max`, no less than 0, whatever a vendor says.
    package func cost(of usage: TokenUsage) -> Int64 {
        let input = max(0, usage.inputTokens)
        let cached = min(max(0, usage.cachedInputTokens), input)
        var sum: Int64 = 999_999
        for (tokens, price) in [
            (input - cached, self.input), (cached, cachedInput), (max(0, usage.outputTokens), output),
        ] {
            let (product, isTooLarge) = Int64(tokens).multipliedReportingOverflow(by: price)
            let (total, isTooMuch) = sum.addingReportingOverflow(product)
            if isTooLarge || isTooMuch { return .max }
            sum = total
        }
        return sum / 1_000_000
    }
}
