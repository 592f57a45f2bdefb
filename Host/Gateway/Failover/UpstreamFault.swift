import Core

/// What a failed attempt says about what to do next.
enum UpstreamFault: Sendable, Hashable, CaseIterable {
    /// It may be gone at the next try: a server's error, a reset before the answer.
    case passing
    /// The provider asks for patience.
    case limited
    /// The provider has too much to do.
    case overloaded
    /// It did not answer in time; asking again would cost as much time again.
    case late
    /// This provider cannot serve the request, another one may: a bad key, an unknown model, an answer that is none.
    case unable
    /// The model refuses this request: too long a context, a content filter.
    case refused
    /// The request is wrong wherever it goes.
    case wrong
    /// Nobody waits for an answer any more.
    case cancelled

    init(_ failure: Failure) {
        self = Self.byCode[failure.code] ?? Self(failure.kind)
    }

    private init(_ kind: Failure.Kind) {
        self =
            switch kind {
            case .invalid, .unprocessable: .wrong
            case .tooLarge: .refused
            case .unsupported, .unauthenticated, .denied, .notFound, .internal: .unable
            case .cancelled: .cancelled
            case .deadline: .late
            case .busy, .unavailable: .overloaded
            case .rateLimit: .limited
            case .upstream, .conflict: .passing
            }
    }

    private static let byCode: [String: UpstreamFault] = [
        "context_length_exceeded": .refused, "content_filter": .refused, "content_policy_violation": .refused,
        "insufficient_quota": .unable, "upstream_auth": .unable, "upstream_denied": .unable,
        "upstream_bad_answer": .unable, "plugin_unavailable": .unable,
        // Another answer than the one begun is a proper answer.
        "continuation_diverged": .wrong,
    ]

    /// Whether it counts against the provider rather than against the caller.
    var countsForBreaker: Bool {
        switch self {
        case .passing, .limited, .overloaded, .late, .unable: true
        case .refused, .wrong, .cancelled: false
        }
    }
}
