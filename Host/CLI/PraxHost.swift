import ArgumentParser
import Core
import Foundation
import Workers

/// The command `prax-host`.
@main
struct PraxHost: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prax-host",
        abstract: "A self-hosted AI gateway made of plugins.",
        discussion: """
            Everything of one installation lies in one folder: --root DIR, or PRAX_ROOT, or ./praximous.

            EXAMPLE:
              prax-host serve
              prax-host keys create --name laptop
              prax-host plugins install json_query
            """,
        version: HostVersion.text,
        subcommands: [
            Serve.self, InitCommand.self, RenameCommand.self, ResetIdentityCommand.self, KeysCommand.self,
            BudgetsCommand.self, ProvidersCommand.self, PluginsCommand.self, RegistryCommand.self, ConfigCommand.self,
            AuditCommand.self,
            DoctorCommand.self,
            CompletionCommand.self, VersionCommand.self, ProbePlugin.self, ObservePlugin.self, WorkerCommand.self,
        ]
    )

    /// Parses, runs, and turns whatever happens into one of the documented exit codes.
    static func main() async {
        // Before a second thread can have been started: a sandbox binds only what comes after it.
        let words = CommandLine.arguments.dropFirst()
        if words.first == WorkerCommand.configuration.commandName { WorkerProgram.run() }
        if words.count == 2, words.first == ObservePlugin.configuration.commandName, let folder = words.last {
            ObservePlugin.run(folder: folder)
        }
        let arguments = CommandAliases.resolve(Array(CommandLine.arguments.dropFirst()))
        let wantsJSON = arguments.contains("--json")
        do {
            var command = try parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            CommandFailure(error, parser: Self.self).exit(asJSON: wantsJSON)
        }
    }
}
