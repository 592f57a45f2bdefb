import PraximousJSON

/// The words in which the fault table is written.
extension Expectation {
    static let works = Expectation(outcome: .answers([ExpectedAnswer(status: 200)]))

    static func works(_ result: JSON) -> Expectation {
        Expectation(outcome: .answers([ExpectedAnswer(status: 200, result: result)]))
    }

    static func fails(_ status: Int, _ code: String) -> Expectation {
        Expectation(outcome: .answers([ExpectedAnswer(status: status, code: code)]))
    }

    /// The operating system said no, and the plugin told its caller.
    static let denied = fails(403, "attempt_denied")

    /// The worker is no more, for one of these reasons.
    static func crashes(_ kinds: String...) -> Expectation {
        Expectation(
            outcome: .answers([ExpectedAnswer(status: 502, code: "plugin_crashed")]),
            faults: Set(kinds.isEmpty ? ["crashed"] : kinds)
        )
    }

    /// The deadline of 1 s passes, or the host hears nothing any more, and the worker is killed.
    static func isKilled(_ kind: String) -> Expectation {
        Expectation(
            outcome: .answers([ExpectedAnswer(status: 504, code: "plugin_timeout")]),
            faults: [kind],
            withinMilliseconds: 4000
        )
    }

    /// The caller is answered at the deadline, but the thread cannot be had back.
    static let hangs = Expectation(
        outcome: .answers([ExpectedAnswer(status: 504, code: "plugin_timeout")]),
        faults: ["timeout"],
        withinMilliseconds: 4000,
        afterwards: .hangs
    )

    /// The deadline of 1 s passes, and the plugin minds it.
    static let isLate = fails(504, "plugin_timeout").within(4000)

    /// Nobody has loaded it, so that nobody knows its task type; or its worker does not start.
    static let isRefused = Expectation(
        outcome: .answers([
            ExpectedAnswer(status: 404, code: "unknown_task_type"),
            ExpectedAnswer(status: 503, code: "plugin_unavailable"),
            // The call's own time is over before the start has failed.
            ExpectedAnswer(status: 504, code: "plugin_timeout"),
        ]),
        withinMilliseconds: 12_000,
        afterwards: .isRefused
    )

    static func hostEnds(_ code: Int32) -> Expectation { Expectation(outcome: .hostEnds(code: code)) }

    static func notTested(_ reason: String) -> Expectation { Expectation(outcome: .notTested(because: reason)) }

    /// Memory is wrong and nobody may ever notice: one of these answers, and the worker's end or not.
    static let surprises = Expectation(
        outcome: .answers([
            ExpectedAnswer(status: 200),
            ExpectedAnswer(status: 502, code: "plugin_crashed"),
            ExpectedAnswer(status: 504, code: "plugin_timeout"),
        ]),
        faults: ["crashed", "timeout"],
        isFaultOptional: true,
        withinMilliseconds: 8000
    )
}
