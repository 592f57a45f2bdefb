import Access
import ArgumentParser
import Core
import Foundation
import Gateway
import Logging
import PluginRuntime
import PraximousJSON
import Supervision

struct ProvidersTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Ask one provider for its health and its models, with its key, as a host would.",
        discussion: """
            It asks the network. Exit code 6 means that the provider did not answer well.

            EXAMPLE:
              prax-host providers test gemini_pro_model
            """
    )

    /// For each question.
    private static let limit = Duration.seconds(15)

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The entry's name in config/providers.yaml.")
    var name: String

    func run() async throws {
        let root = options.installation
        let configuration = try HostConfiguration.read(root)
        let settings = try find(ProviderStandings(root, configuration))
        try InstallationFolders.create(root)
        var logger = Logger(label: "praximous") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = options.quiet ? .critical : .error
        let setup = try PluginSetup(
            root: root,
            configuration: configuration,
            environment: HostEnvironment(process: ProcessInfo.processInfo.environment, file: root.environmentFile),
            // A running host keeps its own accounts of what it loads into itself.
            minimum: .process,
            logger: logger
        )
        let answers = await ask(setup, settings)
        await setup.stop()
        try report(answers)
    }

    private func find(_ standings: ProviderStandings) throws -> ProviderSettings {
        guard let standing = standings.all.first(where: { $0.entry.name == name }) else {
            throw CommandFailure(
                .notFound,
                "There is no provider \(name.quotedForMessage()) that is on.",
                hint: "prax-host providers list shows them."
            )
        }
        if let refusal = standing.refusal { throw refusal }
        guard let settings = standing.settings else { throw Refusal.noPlugin(standing.entry) }
        return settings
    }

    private func ask(_ setup: PluginSetup, _ settings: ProviderSettings) async -> [(String, CallOutcome)] {
        let runner: any SkillRunner
        do throws(Refusal) {
            runner = try setup.fleet.start(
                settings.folder,
                as: settings.entry.name,
                with: setup.provide(settings),
                hasPredecessor: false
            )
        } catch {
            let failure = Failure(.unavailable, code: "plugin_refused", message: error.message, hint: error.fix)
            return [("health", .failure(failure))]
        }
        var answers: [(String, CallOutcome)] = []
        for operation in ["health", "models"] {
            let call = SkillCall(
                operation: operation,
                parameters: Array("{}".utf8),
                context: CallContext(requestID: "providers-test"),
                timeout: Self.limit
            )
            answers.append((operation, await runner.call(call) ?? .failure(.pluginGone)))
        }
        return answers
    }

    private func report(_ answers: [(String, CallOutcome)]) throws {
        var members: JSONObject = ["name": .string(name)]
        var worst: Failure?
        for (operation, outcome) in answers {
            switch outcome {
            case .result(let bytes):
                let value = (try? JSON.parse(bytes)) ?? .null
                members[operation] = operation == "models" ? value["models"] ?? .array([]) : value
            case .failure(let failure):
                worst = worst ?? failure.named(name)
                members[operation] = ["error": ["code": .string(failure.code), "message": .string(failure.message)]]
            }
        }
        members["ok"] = .bool(worst == nil)
        if options.json {
            print(JSON.object(members).text)
        } else if worst == nil {
            let models = members["models"]?.arrayValue ?? []
            print("\(name) is well and offers \(models.count) models:")
            for model in models.prefix(50) { print("  " + (model["id"]?.stringValue ?? "").forTerminal) }
        }
        if let worst {
            throw CommandFailure(.network, worst.message, hint: worst.hint, code: worst.code)
        }
    }
}
