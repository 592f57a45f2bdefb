import Core
import PluginRuntime
import PraximousJSON
import Workers

/// What an answer must be, whatever was asked.
struct AnswerRule {
    let operation: Manifest.Operation
    let parameters: [UInt8]

    private var request: FailedRequest { FailedRequest(operation: operation.name, parameters: parameters) }

    /// Throws when the plugin did not live through the call, or did not end it.
    func checkSurvival(_ outcome: CallOutcome?, of trial: CheckTrial) throws {
        if let fault = trial.fault {
            throw failure("the plugin \(fault.phrase)", "Look at what the request holds; run it under a debugger.")
        }
        guard let outcome else { throw failure("the plugin was gone", "See that it does not end its process.") }
        guard case .failure(let failure) = outcome else { return }
        switch failure.code {
        case "plugin_timeout":
            throw self.failure("it did not answer in time", "Look at is_cancelled() and deadline_ns(); answer faster.")
        case "plugin_crashed", "plugin_unavailable":
            throw self.failure(failure.message, "Look at what the request holds; run it under a debugger.")
        default: return
        }
    }

    /// Throws what is wrong with an end that no plugin may give: a crash, a hang, something that is not JSON.
    func check(_ outcome: CallOutcome?, of trial: CheckTrial) throws {
        try checkSurvival(outcome, of: trial)
        if case .result(let bytes)? = outcome { try checkResult(bytes) }
        if case .failure(let failure)? = outcome, failure.code == "bad_output" {
            throw self.failure("its result is not one JSON value", "Escape strings, and write each name once.")
        }
        try checkEnds(of: trial)
    }

    /// Throws when the plugin is known to have ended a call against the rules, which may be told after the answer.
    func checkEnds(of trial: CheckTrial) throws {
        guard let what = trial.misbehaviours.first else { return }
        throw failure("it \(what)", "End each call exactly once, with finish() or fail().")
    }

    /// As ``check(_:of:)``; and it must be a result.
    func checkIsResult(_ outcome: CallOutcome?, of trial: CheckTrial) throws {
        try check(outcome, of: trial)
        guard case .failure(let failure)? = outcome else { return }
        throw self.failure(
            "it answered with the error \(failure.code): \(failure.message.forTerminal)",
            "Answer what the schema allows, or narrow the schema."
        )
    }

    private func checkResult(_ bytes: [UInt8]) throws {
        do {
            _ = try JSON.parse(bytes)
        } catch {
            throw failure("its result is not one JSON value: \(error)", "Escape strings, and write each name once.")
        }
    }

    /// What breaks the form of errors; only for errors.
    func checkForm(of failure: Failure) throws {
        if failure.code == "plugin_failed" {
            throw self.failure(
                "its error has no code for programs, or one with other characters than a-z, 0-9, _, . and -",
                "Give fail() a short stable word such as bad_input."
            )
        }
        if failure.message.isEmpty {
            throw self.failure("its error \(failure.code) has no message", "Give fail() a sentence for people.")
        }
    }

    func checkSchema(_ bytes: [UInt8]) throws {
        guard let schema = operation.resultSchema, let compiled = try? JSONSchema.compile(schema),
            let value = try? JSON.parse(bytes), let violation = compiled.validate(value).first
        else { return }
        throw failure(
            "its result does not fit result_schema: \(violation)",
            "Mend the result or the schema in skill.yaml; the two are one promise."
        )
    }

    func failure(_ found: String, _ fix: String) -> CheckFailure { CheckFailure(found, fix: fix, request: request) }
}
