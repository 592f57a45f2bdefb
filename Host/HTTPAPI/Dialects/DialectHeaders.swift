import Core
import Gateway
import NIOHTTP1

/// What the headers of an answer in a vendor's dialect tell beside the body: who answered, and what the host took.
enum DialectHeaders {
    /// Nothing that a client or a provider made up may be longer in a header.
    private static let maxNameBytes = 256

    /// Of an answer that is complete.
    static func of(
        provider: String,
        model: String,
        attempts: Int,
        overheadMicroseconds: Int64? = nil,
        rateLimit: RateLimitState? = nil
    ) -> HTTPHeaders {
        var headers: HTTPHeaders = [
            "X-Praximous-Provider": shown(provider), "X-Praximous-Model": shown(model),
            "X-Praximous-Attempts": String(attempts),
        ]
        if let overheadMicroseconds {
            // Milliseconds of the host's own, without what it waited for a provider.
            headers.add(name: "X-Praximous-Overhead-Ms", value: thousandths(overheadMicroseconds))
        }
        if let rateLimit { headers.add(rateLimit) }
        return headers
    }

    static func of(_ answer: ChatAnswer) -> HTTPHeaders {
        var headers = of(
            provider: answer.provider,
            model: answer.model,
            attempts: answer.attempts,
            overheadMicroseconds: answer.overheadMicroseconds,
            rateLimit: answer.rateLimit
        )
        if let id = answer.vendorRequestID { headers.add(name: "X-Praximous-Upstream-Request-ID", value: shown(id)) }
        return headers
    }

    static func of(_ answer: EmbeddingAnswer) -> HTTPHeaders {
        of(
            provider: answer.provider,
            model: answer.model,
            attempts: answer.attempts,
            overheadMicroseconds: answer.overheadMicroseconds,
            rateLimit: answer.rateLimit
        )
    }

    /// A name that others chose: printable ASCII, bounded.
    private static func shown(_ name: String) -> String {
        if name.utf8.count <= maxNameBytes, name.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) { return name }
        return String(
            decoding: name.utf8.prefix(maxNameBytes).map { 0x21...0x7E ~= $0 ? $0 : UInt8(ascii: "_") },
            as: UTF8.self
        )
    }

    /// Thousandths of a unit as a decimal number, such as `0.087`.
    private static func thousandths(_ count: Int64) -> String {
        let value = max(0, count)
        return "\(value / 1000).\(String(1000 + value % 1000).dropFirst())"
    }
}

extension HTTPHeaders {
    /// As OpenAI names them.
    mutating func add(_ rateLimit: RateLimitState) {
        for (name, value) in rateLimit.headers { add(name: name, value: value) }
    }
}
