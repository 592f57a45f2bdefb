import Core
import Gateway
import HTTPTypes
import Hummingbird

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
    ) -> HTTPFields {
        var headers: HTTPFields = [
            .praximousProvider: shown(provider), .praximousModel: shown(model), .praximousAttempts: String(attempts),
        ]
        if let overheadMicroseconds {
            headers[.praximousOverhead] = thousandths(overheadMicroseconds)
        }
        if let rateLimit { headers.append(contentsOf: rateLimit.fields) }
        return headers
    }

    static func of(_ answer: ChatAnswer) -> HTTPFields {
        var headers = of(
            provider: answer.provider,
            model: answer.model,
            attempts: answer.attempts,
            overheadMicroseconds: answer.overheadMicroseconds,
            rateLimit: answer.rateLimit
        )
        if let id = answer.vendorRequestID { headers[.upstreamRequestID] = shown(id) }
        return headers
    }

    static func of(_ answer: EmbeddingAnswer) -> HTTPFields {
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

extension RateLimitState {
    /// As OpenAI names them.
    var fields: HTTPFields {
        var fields = HTTPFields()
        for (name, value) in headers { fields[HTTPField.Name(known: name)] = value }
        return fields
    }
}

extension HTTPField.Name {
    static let praximousProvider = HTTPField.Name(known: "X-Praximous-Provider")
    static let praximousModel = HTTPField.Name(known: "X-Praximous-Model")
    static let praximousAttempts = HTTPField.Name(known: "X-Praximous-Attempts")
    /// Milliseconds of the host's own, without what it waited for a provider.
    static let praximousOverhead = HTTPField.Name(known: "X-Praximous-Overhead-Ms")
    static let upstreamRequestID = HTTPField.Name(known: "X-Praximous-Upstream-Request-ID")
    static let idempotencyKey = HTTPField.Name(known: "Idempotency-Key")
    /// Milliseconds, which OpenAI's SDK reads before `Retry-After`.
    static let retryAfterMilliseconds = HTTPField.Name(known: "retry-after-ms")
    static let traceParent = HTTPField.Name(known: "traceparent")
    static let traceState = HTTPField.Name(known: "tracestate")
}
