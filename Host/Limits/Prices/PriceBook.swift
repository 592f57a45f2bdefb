import Core
import Synchronization

/// The prices that count now, looked up in a fraction of a microsecond.
package final class PriceBook: Sendable {
    /// The names of models come from clients in the end, so what is remembered of them is bounded.
    private static let maxRemembered = 4096

    private struct State {
        var table: PriceTable
        var found: [LimitCandidate: TokenPrice?] = [:]
    }

    private let state: Mutex<State>

    package init(_ table: PriceTable = PriceTable()) {
        state = Mutex(State(table: table))
    }

    /// Counts from the next request on.
    package func replace(with table: PriceTable) {
        state.withLock { $0 = State(table: table) }
    }

    package func price(of candidate: LimitCandidate) -> TokenPrice? {
        state.withLock { Self.price(of: candidate, &$0) }
    }

    private static func price(of candidate: LimitCandidate, _ state: inout State) -> TokenPrice? {
        if let known = state.found[candidate] { return known }
        let price = state.table.price(provider: candidate.provider, model: candidate.model)
        if state.found.count >= maxRemembered { state.found = [:] }
        state.found[candidate] = .some(price)
        return price
    }

    /// What a call may cost at most, seen from the candidates that could serve it.
    func estimate(_ ask: LimitAsk, inputTokens: Int, outputTokens: Int) -> PriceEstimate {
        let usage = TokenUsage(inputTokens: inputTokens, outputTokens: outputTokens)
        return state.withLock { state in
            var estimate = PriceEstimate(
                deniesUnknown: state.table.denies(unknownPriceWithBudget: false),
                deniesUnknownWithBudget: state.table.denies(unknownPriceWithBudget: true)
            )
            for candidate in ask.candidates {
                guard let price = Self.price(of: candidate, &state) else {
                    estimate.unknown = estimate.unknown ?? candidate
                    continue
                }
                if price.isFree { estimate.hasFree = true }
                estimate.micros = max(estimate.micros, price.cost(of: usage))
            }
            return estimate
        }
    }
}

/// What the prices say about a call before it is made.
struct PriceEstimate {
    /// Of the dearest candidate, in micro-USD.
    var micros: Int64 = 0
    /// Whether some candidate costs nothing.
    var hasFree = false
    /// The first candidate without a price.
    var unknown: LimitCandidate?
    let deniesUnknown: Bool
    let deniesUnknownWithBudget: Bool
}
