import Core
import Testing

@testable import Gateway

@Suite("What a failure says about the next attempt") struct UpstreamFaultTests {
    @Test(
        "each row of the providers' table",
        arguments: [
            (.invalid, "invalid_request", .wrong, false), (.invalid, "prefill_refused", .wrong, false),
            (.invalid, "context_length_exceeded", .refused, false), (.invalid, "content_filter", .refused, false),
            (.upstream, "upstream_auth", .unable, true), (.denied, "upstream_denied", .unable, true),
            (.denied, "address_refused", .unable, true), (.notFound, "model_not_found", .unable, true),
            (.deadline, "upstream_timeout", .late, true), (.deadline, "upstream_idle", .late, true),
            (.conflict, "upstream_conflict", .passing, true), (.tooLarge, "upstream_too_large", .refused, false),
            (.rateLimit, "rate_limited", .limited, true), (.rateLimit, "insufficient_quota", .unable, true),
            (.upstream, "upstream_error", .passing, true), (.upstream, "upstream_unreachable", .passing, true),
            (.upstream, "upstream_cut", .passing, true), (.upstream, "upstream_bad_answer", .unable, true),
            (.unavailable, "overloaded", .overloaded, true), (.busy, "too_many_calls", .overloaded, true),
            (.unavailable, "plugin_unavailable", .unable, true), (.internal, "plugin_crashed", .unable, true),
            (.cancelled, "cancelled", .cancelled, false), (.cancelled, "slow_consumer", .cancelled, false),
        ] as [(Failure.Kind, String, UpstreamFault, Bool)]
    )
    func classes(kind: Failure.Kind, code: String, fault: UpstreamFault, counts: Bool) {
        let found = UpstreamFault(Failure(kind, code: code, message: ""))
        #expect(found == fault)
        #expect(found.countsForBreaker == counts)
    }
}
