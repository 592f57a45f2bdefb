import Core
import Foundation
import PluginRuntime
import PraximousJSON

/// Puts requests made at random to a plugin's operations, in one worker after the other.
struct Fuzzer {
    /// A request that the plugin did not stand.
    struct Finding {
        let failure: CheckFailure
        let request: FailedRequest
        /// Where the request was written to.
        var file = ""
    }

    let bench: CheckBench
    let seed: UInt64
    /// A moment of CLOCK_MONOTONIC, before that of the bench.
    let deadline: UInt64
    /// Only this one; nil for all.
    let operation: String?
    private static let maxFindings = 20
    private static let maxCallTime = Duration.seconds(5)

    private var operations: [Manifest.Operation] {
        bench.operations.filter { operation == nil || $0.name == operation }
    }

    /// Runs until its time is over; `found` hears of each finding at once.
    ///
    /// Returns how many requests were made, and what was found: one for each way in which an operation fails.
    func run(found: (Finding) throws -> Finding) throws -> (requests: Int, findings: [Finding]) {
        var random = SeededGenerator(seed: seed)
        var findings: [Finding] = []
        var known: Set<String> = []
        var count = 0
        var trial: CheckTrial?
        defer { try? trial?.finish() }
        while MonotonicClock.now() < deadline, findings.count < Self.maxFindings {
            for operation in operations where MonotonicClock.now() < deadline {
                let parameters = request(operation, &random)
                let current = try trial ?? CheckTrial(bench)
                trial = current
                count += 1
                guard let failure = Self.failure(of: current, operation, parameters) else { continue }
                // Another process: nobody knows what this one has come to.
                try? current.finish()
                trial = nil
                guard known.insert("\(operation.name) \(failure.found.prefix(40))").inserted else { continue }
                let request = FailedRequest(operation: operation.name, parameters: parameters)
                findings.append(try found(Finding(failure: failure, request: request)))
            }
        }
        return (count, findings)
    }

    /// Puts one request, as it was saved.
    func replay(_ parameters: [UInt8], of operation: Manifest.Operation) throws -> CheckFailure? {
        let trial = try CheckTrial(bench)
        defer { try? trial.finish() }
        return Self.failure(of: trial, operation, parameters)
    }

    private static func failure(
        of trial: CheckTrial,
        _ operation: Manifest.Operation,
        _ parameters: [UInt8]
    ) -> CheckFailure? {
        let timeout = min(operation.timeout ?? maxCallTime, maxCallTime)
        let answer = trial.call(operation.name, parameters, timeout: timeout, streams: operation.isStreaming)
        do {
            try AnswerRule(operation: operation, parameters: parameters).check(answer.outcome, of: trial)
            return nil
        } catch { return error as? CheckFailure }
    }

    /// JSON objects, as a host hands them over: what the schema allows, what comes close, and anything else.
    private func request(_ operation: Manifest.Operation, _ random: inout SeededGenerator) -> [UInt8] {
        let requests = Requests(operation: operation)
        let base = requests.valid(1, using: &random).first ?? requests.example ?? [:]
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<3: return base.encoded()
        case 3..<8:
            let values = [RandomJSON.any(using: &random), RandomJSON.edge(using: &random)]
            return requests.replaced(base, by: values).randomElement(using: &random)?.encoded() ?? base.encoded()
        case 8:
            let bytes = Requests.mutated(base.encoded(), using: &random)
            // Of what is no object any more a plugin never hears.
            return (try? JSON.parse(bytes))?.objectValue == nil ? base.encoded() : bytes
        default:
            var object = JSONObject()
            for _ in 0..<4 { object[RandomJSON.text(0...8, &random)] = RandomJSON.any(using: &random) }
            return JSON.object(object).encoded()
        }
    }
}
