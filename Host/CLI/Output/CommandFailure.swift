import Access
import ArgumentParser
import Audit
import Core
import Foundation
import Manifests
import PluginRuntime
import PraximousJSON
import Registry

/// Why a command failed, with its exit code and the next step.
struct CommandFailure: Error {
    let exitCode: Core.ExitCode
    let message: String
    var hint: String?
    /// The word for machines; that of the exit code unless a layer has a finer one.
    var code: String

    init(_ exitCode: Core.ExitCode, _ message: String, hint: String? = nil, code: String? = nil) {
        self.exitCode = exitCode
        self.message = message
        self.hint = hint
        self.code = code ?? exitCode.word
    }

    /// What any layer throws, in the terms of the command line.
    init(_ error: any Error, parser: any ParsableCommand.Type) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as RegistryError:
            self.init(error.exitCode, error.message, hint: error.hint, code: error.code)
        case let refusal as Refusal:
            self.init(.incompatible, refusal.message, hint: refusal.fix, code: refusal.reason.rawValue)
        case let problems as YAMLProblems: self.init(.usage, problems.description)
        case let error as YAMLError: self.init(.usage, error.description)
        case let error as AccessError:
            if case .unknownKey = error {
                self.init(.notFound, "\(error)")
            } else {
                self.init(.usage, "\(error)")
            }
        case let error as AuditError: self.init(.internalError, "\(error)")
        case let failure as Failure: self.init(.internalError, failure.message, hint: failure.hint, code: failure.code)
        case is CancellationError: self.init(.interrupted, "Interrupted.")
        default: self.init(parserError: error, parser)
        }
    }

    private init(parserError error: any Error, _ parser: any ParsableCommand.Type) {
        let code = parser.exitCode(for: error)
        switch code {
        case .success: self.init(.success, parser.fullMessage(for: error))
        case .validationFailure: self.init(.usage, parser.fullMessage(for: error))
        default: self.init(Core.ExitCode(rawValue: code.rawValue) ?? .internalError, parser.message(for: error))
        }
    }

    /// Prints the failure where it belongs and ends the process.
    func exit(asJSON: Bool) -> Never {
        if exitCode == .success {
            print(message)
        } else if message.isEmpty {
            // The command has said what there is to say; a second document would break --json.
        } else if asJSON {
            var error: JSONObject = [
                "code": .string(code), "exit": .integer(Int(exitCode.rawValue)), "message": .string(message),
            ]
            if let hint { error["hint"] = .string(hint) }
            print((["error": .object(error)] as JSON).text)
        } else {
            let isUsage = message.hasPrefix("Error: ") || message.contains("\nUsage:")
            var text = isUsage ? message : "prax-host: \(message)"
            if let hint { text += "\n  \(hint)" }
            Terminal.say(text)
        }
        Foundation.exit(exitCode.rawValue)
    }
}
