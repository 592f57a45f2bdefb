/// One rule that a plugin is held to, by name.
struct Check: Sendable {
    /// Such as `operation/wrong-types`: what is looked at, and for what.
    let name: String
    /// From 1, without which no host can use the plugin, to 10, beyond what the header promises.
    let level: Int
    /// What is expected, as a sentence.
    let summary: String
    /// How long it may take in all.
    let seconds: Int
    /// Returns why there was nothing to check, or nil; throws ``CheckFailure`` for what is wrong.
    let run: @Sendable (CheckBench) throws -> String?

    init(
        _ name: String,
        _ level: Int,
        _ summary: String,
        seconds: Int = 20,
        run: @escaping @Sendable (CheckBench) throws -> String?
    ) {
        self.name = name
        self.level = level
        self.summary = summary
        self.seconds = seconds
        self.run = run
    }
}

/// What is wrong with a plugin.
struct CheckFailure: Error, Sendable {
    let found: String
    /// What to do about it.
    let fix: String
    /// The request that showed it, when there was one.
    var request: FailedRequest?

    init(_ found: String, fix: String, request: FailedRequest? = nil) {
        self.found = found
        self.fix = fix
        self.request = request
    }
}

/// A request that a plugin did not stand.
struct FailedRequest: Sendable {
    let operation: String
    let parameters: [UInt8]

    /// Its beginning, for people.
    var sample: String {
        let text = String(decoding: parameters.prefix(160), as: UTF8.self).forTerminal
        return parameters.count > 160 ? "\(text)... (\(parameters.count) bytes)" : text
    }
}

/// What came of one check.
struct CheckResult: Sendable {
    enum Verdict: Sendable {
        case passed
        case skipped(String)
        case failed(CheckFailure)
    }

    let check: Check
    let verdict: Verdict
    let seconds: Double

    var failure: CheckFailure? { if case .failed(let failure) = verdict { failure } else { nil } }
    var skipped: String? { if case .skipped(let reason) = verdict { reason } else { nil } }
}
