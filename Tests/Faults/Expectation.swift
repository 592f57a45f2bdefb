import PraximousJSON

/// What must come of a row in one mode.
struct Expectation: Sendable {
    enum Outcome: Sendable {
        /// One of these answers.
        case answers([ExpectedAnswer])
        /// The host ends with this code, and the next one blames the plugin.
        case hostEnds(code: Int32)
        /// The host answers, then ends so that something starts it again, and the next one skips the plugin.
        case hostRestarts
        /// It cannot be tested here, or means nothing in this mode.
        case notTested(because: String)
    }

    /// Whether the plugin still serves when the dust has settled.
    enum Afterwards: Sendable {
        /// `ok` succeeds within the first restart delays.
        case works
        /// It is known to hang and gets no calls any more.
        case hangs
        /// It never was loaded.
        case isRefused
    }

    var outcome: Outcome
    /// The kinds of which exactly ``times`` faults of one must have been counted and audited; empty for none.
    var faults: Set<String> = []
    /// How often.
    var times = 1
    /// Whether it is as good when no fault was noticed at all.
    var isFaultOptional = false
    /// From the request to its answer.
    var withinMilliseconds = 2000
    var afterwards = Afterwards.works
    /// What the log must say.
    var logSays: String?

    var answers: [ExpectedAnswer] { if case .answers(let answers) = outcome { answers } else { [] } }

    func within(_ milliseconds: Int) -> Expectation {
        var expectation = self
        expectation.withinMilliseconds = milliseconds
        return expectation
    }

    func counting(_ kind: String, times: Int = 1) -> Expectation {
        var expectation = self
        expectation.faults = [kind]
        expectation.times = times
        expectation.isFaultOptional = false
        return expectation
    }

    func logging(_ words: String) -> Expectation {
        var expectation = self
        expectation.logSays = words
        return expectation
    }

    /// Another answer that is as good.
    func or(_ other: Expectation) -> Expectation {
        guard case .answers(let mine) = outcome, case .answers(let others) = other.outcome else { return self }
        var expectation = self
        expectation.outcome = .answers(mine + others)
        expectation.isFaultOptional = isFaultOptional || other.isFaultOptional || faults.isEmpty != other.faults.isEmpty
        expectation.faults.formUnion(other.faults)
        expectation.withinMilliseconds = max(withinMilliseconds, other.withinMilliseconds)
        return expectation
    }
}

struct ExpectedAnswer: Sendable, Equatable {
    let status: Int
    /// The `error.code`, for errors.
    var code: String?
    /// The whole `result`, where it matters.
    var result: JSON?
}
