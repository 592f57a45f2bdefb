import Core
import PluginRuntime
import PraximousJSON
import Sandbox
import Supervision
import Workers

extension Check {
    /// How calls follow one another, overlap and are broken off.
    static let calls = [
        Check("call/after-error", 2, "After an error the plugin answers as before.", run: answersAfterError),
        Check("call/ends-once", 2, "Each call is ended exactly once.", run: endsOnce),
        Check("call/cancel", 3, "A call that is cancelled ends within half a second.") { bench in
            try brokenOff(bench) { operation, parameters, trial in
                _ = trial.cancelledCall(operation.name, parameters, after: .milliseconds(5), streams: false)
            }
        },
        Check("call/deadline", 3, "A call whose deadline has passed ends within half a second.") { bench in
            try brokenOff(bench) { operation, parameters, trial in
                _ = trial.call(operation.name, parameters, timeout: .milliseconds(5))
            }
        },
        Check("call/parallel", 4, "Calls side by side are answered as they are one by one.", run: answersInParallel),
        Check("call/memory", 5, "A thousand calls leave no memory, no file and no thread behind.", seconds: 90) {
            try leavesNothing($0)
        },
        Check("call/repeatable", 6, "An idempotent operation answers the same request in the same way.") { bench in
            let wanted = bench.operations.filter(\.isIdempotent)
            guard !wanted.isEmpty else { return "no operation is idempotent" }
            return try eachOperation(bench) { operation, parameters, trial in
                guard operation.isIdempotent else { return }
                let answers = (0..<2).map { _ in
                    trial.call(operation.name, parameters, timeout: bench.timeout(operation)).outcome?.bytes
                }
                guard answers[0] != answers[1] else { return }
                throw AnswerRule(operation: operation, parameters: parameters)
                    .failure("two calls gave two answers", "Mark it as not idempotent, or make it so.")
            }
        },
        Check("sandbox/examples", 6, "The sandbox refuses nothing while the examples are answered.") { bench in
            try denials(
                bench,
                fix: "Do without, or ask the host: prax.host.http/1, data_dir(), permissions in skill.yaml."
            ) { _ in true }
        },
        Check("sandbox/network", 4, "The plugin opens no connection of its own.") { bench in
            try denials(
                bench,
                fix: "Ask for network.http in skill.yaml and send requests through prax.host.http/1."
            ) { ["socket", "connect"].contains($0.call) }
        },
    ]

    /// Puts an ordinary request to each operation, in a worker of its own: an end too many may come when the call is long
    /// over for the host, but not when its worker is gone.
    private static func endsOnce(_ bench: CheckBench) throws -> String? {
        var random = bench.random
        var count = 0
        for operation in bench.operations {
            guard let request = Requests(operation: operation).ordinary(using: &random) else { continue }
            try bench.checkTime()
            count += 1
            let parameters = request.encoded()
            let rule = AnswerRule(operation: operation, parameters: parameters)
            var used: CheckTrial?
            try bench.withTrial { trial in
                used = trial
                let outcome = trial.call(operation.name, parameters, timeout: bench.timeout(operation)).outcome
                try rule.check(outcome, of: trial)
                guard case .failure(let failure)? = outcome, failure.message.contains("ended without an answer") else {
                    return
                }
                throw CheckFailure(
                    "\(operation.name) returned without finish() or fail()",
                    fix: "End each call, or return PRAX_PENDING and end it later."
                )
            }
            if let used { try rule.checkEnds(of: used) }
        }
        return count == 0 ? "no request can be made of the schemas" : nil
    }

    /// Fails for what the sandbox refused while ordinary requests were answered.
    private static func denials(
        _ bench: CheckBench,
        fix: String,
        where isMeant: (Denial) -> Bool
    ) throws -> String? {
        guard bench.decision.mode >= .sandbox else { return "it runs as \(bench.decision.mode), without a sandbox" }
        var used: CheckTrial?
        let skipped = try eachOperation(bench) { operation, parameters, trial in
            used = trial
            _ = trial.call(operation.name, parameters, timeout: bench.timeout(operation))
        }
        // Once it is gone: a denial is told beside the answer, and may come after it.
        guard let denial = used?.trial.denials.first(where: isMeant) else { return skipped }
        throw CheckFailure("it was denied: \(denial.sentence)", fix: fix)
    }

    /// Puts an ordinary request to each operation, in one worker.
    static func eachOperation(
        _ bench: CheckBench,
        _ body: (Manifest.Operation, [UInt8], CheckTrial) throws -> Void
    ) throws -> String? {
        var random = bench.random
        var count = 0
        try bench.withTrial { trial in
            for operation in bench.operations {
                guard let request = Requests(operation: operation).ordinary(using: &random) else { continue }
                try bench.checkTime()
                count += 1
                try body(operation, request.encoded(), trial)
            }
        }
        return count == 0 ? "no request can be made of the schemas" : nil
    }

    /// A plugin that holds on to a call is ended by the host half a second later.
    private static func brokenOff(
        _ bench: CheckBench,
        _ body: (Manifest.Operation, [UInt8], CheckTrial) throws -> Void
    ) throws -> String? {
        let grace = bench.runtime.settings.cancelGrace
        return try eachOperation(bench) { operation, parameters, trial in
            try body(operation, parameters, trial)
            let rule = AnswerRule(operation: operation, parameters: parameters)
            guard trial.isIdle(within: grace) else {
                throw rule.failure(
                    "it held on to the call for more than \(grace)",
                    "Look at is_cancelled(call) every 50 ms of work, and end the call then."
                )
            }
            let after = trial.call(operation.name, parameters, timeout: bench.timeout(operation))
            try rule.check(after.outcome, of: trial)
        }
    }

    @Sendable private static func answersAfterError(_ bench: CheckBench) throws -> String? {
        try eachOperation(bench) { operation, parameters, trial in
            let rule = AnswerRule(operation: operation, parameters: parameters)
            let timeout = bench.timeout(operation)
            let before = trial.call(operation.name, parameters, timeout: timeout).outcome
            _ = trial.call(operation.name, Array("{}".utf8), timeout: timeout)
            let after = trial.call(operation.name, parameters, timeout: timeout).outcome
            try rule.check(after, of: trial)
            guard before?.isResult == true, after?.isResult != true else { return }
            throw rule.failure(
                "it answered with an error after another call had failed",
                "Keep no state between calls."
            )
        }
    }

    @Sendable private static func answersInParallel(_ bench: CheckBench) throws -> String? {
        let width = 16
        return try eachOperation(bench) { operation, parameters, trial in
            let rule = AnswerRule(operation: operation, parameters: parameters)
            let timeout = bench.timeout(operation)
            let alone = (0..<2).map { _ in trial.call(operation.name, parameters, timeout: timeout).outcome }
            let answers = trial.calls(operation.name, Array(repeating: parameters, count: width), timeout: timeout)
            for answer in answers { try rule.check(answer, of: trial) }
            if alone[0]?.isResult == true, let wrong = answers.first(where: { $0?.isResult != true }) {
                try rule.checkIsResult(wrong, of: trial)
            }
            // Of an operation that says the same twice when it is asked alone.
            guard alone[0]?.bytes == alone[1]?.bytes, answers.contains(where: { $0?.bytes != alone[0]?.bytes }) else {
                return
            }
            throw rule.failure(
                "\(width) calls at once were not answered like one",
                "Share nothing between calls, or clear PRAX_F_CONCURRENT."
            )
        }
    }

    private static let memoryCalls = 1000
    private static let workerThreads = 24
    /// What a plugin may open at its first calls and keep.
    private static let keptFiles = 8
    private static let maxGrowthBytes = 2 << 20

    private static func leavesNothing(_ bench: CheckBench) throws -> String? {
        let count = memoryCalls / max(1, bench.operations.count)
        return try eachOperation(bench) { operation, parameters, trial in
            let rule = AnswerRule(operation: operation, parameters: parameters)
            func repeated(_ times: Int) throws {
                for _ in 0..<times {
                    try bench.checkTime()
                    _ = trial.call(operation.name, parameters, timeout: bench.timeout(operation))
                }
            }
            try repeated(1)
            guard let first = trial.trial.usage else { return }
            try repeated(max(20, count / 5))
            guard let before = trial.trial.usage else { return }
            try repeated(count)
            guard let after = trial.trial.usage else {
                throw rule.failure("the plugin was gone", "See that it does not end its process.")
            }
            // From the first call on: one that leaks them has none left after a hundred.
            if after.descriptors > first.descriptors + keptFiles {
                throw rule.failure("\(after.descriptors - first.descriptors) files are left open", "Close them.")
            }
            // The worker starts some of its own when calls come quickly.
            if after.threads > before.threads + workerThreads {
                throw rule.failure("\(after.threads - before.threads) threads are left", "Join them.")
            }
            let growth = after.residentBytes - before.residentBytes
            guard growth > maxGrowthBytes else { return }
            throw rule.failure(
                "memory grew by \(growth >> 10) KiB over \(count) calls, \(growth / count) bytes each",
                "Free what a call allocates before it ends."
            )
        }
    }
}

extension CallOutcome {
    var isResult: Bool { if case .result = self { true } else { false } }
    var bytes: [UInt8]? { if case .result(let bytes) = self { bytes } else { nil } }
}
