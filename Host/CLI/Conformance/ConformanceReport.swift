import Core
import PluginRuntime
import PraximousJSON
import Sandbox
import Supervision
import Workers

/// The results of a run, for people, programs and continuous integrations.
struct ConformanceReport {
    private let folder: PluginFolder
    private let mode: String
    private let isolation: JSONObject
    private let level: Int
    private let seed: UInt64
    private let results: [CheckResult]
    private let outcome: DryLoad.Outcome

    init(_ suite: ConformanceSuite, _ level: Int, _ results: [CheckResult], _ outcome: DryLoad.Outcome) {
        folder = suite.folder
        mode = "\(suite.decision.mode)"
        var isolation = suite.decision.json
        isolation["layers"] = .array(outcome.layers.map(\.json))
        self.isolation = isolation
        self.level = level
        seed = suite.seed
        self.results = results
        self.outcome = outcome
    }

    /// Of a plugin that was not loaded at all.
    init(_ refusal: Refusal, _ folder: PluginFolder) {
        self.folder = folder
        (mode, isolation, level, seed, outcome) = ("", [:], 1, 0, DryLoad.Outcome())
        results = Check.process.filter { $0.name == "load/starts" }.map {
            CheckResult(check: $0, verdict: .failed(CheckFailure(refusal)), seconds: 0)
        }
    }

    var hasFailed: Bool { results.contains { $0.failure != nil } }

    private var plugin: String { "\(folder.manifest.name) \(folder.manifest.version)" }
    private var failures: Int { results.filter { $0.failure != nil }.count }
    private var skips: Int { results.filter { $0.skipped != nil }.count }

    func lines(onlyFailed: Bool) -> [String] {
        let verdict = hasFailed ? "\(failures) of \(results.count) checks failed" : "ok"
        var lines = ["\(plugin): \(verdict), as \(mode)"]
        for layer in outcome.layers where !layer.isThere {
            lines.append("not there: \(layer.layer.rawValue): \(layer.detail)")
        }
        lines += outcome.denials.map { "denied: \($0.sentence)" }
        for result in results {
            if let failure = result.failure {
                lines += failureLines(result.check, failure)
            } else if !onlyFailed {
                lines.append(result.skipped.map { "skip  \(result.check.name): \($0)" } ?? "ok    \(result.check.name)")
            }
        }
        guard !onlyFailed || hasFailed else { return lines }
        let passed = results.count - failures - skips
        lines.append("\(passed) passed, \(failures) failed, \(skips) skipped; level \(level), seed \(seed)")
        return lines
    }

    private func failureLines(_ check: Check, _ failure: CheckFailure) -> [String] {
        var lines = ["FAIL  \(check.name)", "      expected: \(check.summary)", "      found:    \(failure.found)"]
        if let request = failure.request { lines.append("      request:  \(request.operation) \(request.sample)") }
        lines.append("      do:       \(failure.fix)")
        lines.append("      again:    \(command(check))")
        return lines
    }

    private func command(_ check: Check) -> String {
        "prax-host plugins test \(folder.path.quotedForShell) --include '^\(check.name)$' --reproduce \(seed)"
    }

    var json: JSON {
        [
            "ok": .bool(!hasFailed), "plugin": .string(plugin),
            "warnings": .array(folder.warnings.map(JSON.string)),
            "isolation": .object(isolation),
            "denied": .array(outcome.denials.map(\.json)),
            "changed": .array(outcome.changed.map(JSON.string)),
            "level": .integer(level), "seed": .integer(Int(clamping: seed)),
            "checks": .array(results.map(json)),
        ]
    }

    private func json(_ result: CheckResult) -> JSON {
        var json: JSONObject = [
            "name": .string(result.check.name), "level": .integer(result.check.level),
            "expected": .string(result.check.summary), "seconds": .double(Double(Int(result.seconds * 1000)) / 1000),
        ]
        switch result.verdict {
        case .passed: json["result"] = "passed"
        case .skipped(let reason):
            json["result"] = "skipped"
            json["reason"] = .string(reason)
        case .failed(let failure):
            json["result"] = "failed"
            json["found"] = .string(failure.found)
            json["fix"] = .string(failure.fix)
            json["operation"] = failure.request.map { .string($0.operation) }
            json["request"] = failure.request.map {
                .string(String(decoding: $0.parameters.prefix(4096), as: UTF8.self))
            }
            json["again"] = .string(command(result.check))
        }
        return .object(json)
    }

    var junit: String { JUnitReport(suite: plugin, results: results).xml }
}
