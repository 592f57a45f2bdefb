import ArgumentParser
import Core
import Foundation
import Gateway
import PluginRuntime

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Set up an installation: its folders, its identity, the keys of its providers.",
        discussion: """
            Asks for what is not given as an option; with --yes it takes the defaults instead of asking.

            EXAMPLE:
              prax-host init --yes --system-name Praximous-Acme --business-name "Acme Ltd"
            """
    )

    @OptionGroup var options: GlobalOptions

    @Option(help: "The system's name.") var systemName: String?
    @Option(help: "The business it serves.") var businessName: String?
    @Option(help: "Its industry.") var industry: String?
    @Option(help: "The tone in which it answers.") var personaStyle: String?
    @Option(help: "Low, Medium or High.") var sensitivityLevel: String?
    @Option(help: "Where it runs.") var location: String?

    @Flag(help: "Replace an identity that is already there.")
    var force = false

    private var given: [String: String?] {
        [
            "system_name": systemName, "business_name": businessName, "industry": industry,
            "persona_style": personaStyle, "sensitivity_level": sensitivityLevel, "location": location,
        ]
    }

    func run() throws {
        let root = options.installation
        try InstallationFolders.create(root)
        if try Identity.read(root.identity) != nil, !force { try confirmReplacement(root) }
        var identity = Identity(values: [])
        for question in Identity.questions {
            identity[question.key] = try answer(question.key, question.prompt, question.fallback)
        }
        try identity.write(root.identity)
        if !options.yes { try CredentialsDialogue(root: root).run() }
        if try hasNoProvider(root) { print(Banner.builtInNotice) }
        print("\(identity.displayName) is set up in \(root.path). Next: prax-host serve --root \(root.path)")
    }

    /// A providers.yaml that is wrong is not this command's business.
    private func hasNoProvider(_ root: InstallationRoot) throws -> Bool {
        let configuration = try HostConfiguration.read(root)
        let plugins = PluginFolders(root: root, configuration: configuration).scan().found.map(\.manifest.name)
        guard let context = try? ProvidersFile.Context(root, configuration),
            let providers = try? ProvidersConfiguration.read(root, context)
        else { return false }
        let entries = providers.completed(plugins).entries
        return !entries.isEmpty && entries.allSatisfy(\.isBuiltIn)
    }

    private func confirmReplacement(_ root: InstallationRoot) throws {
        let refusal = CommandFailure(
            .conflict,
            "\(root.identity) exists already.",
            hint: "Keep it, or replace it with: prax-host init --force"
        )
        guard !options.yes else { throw refusal }
        let answer = Terminal.ask("\(root.identity) exists already. Replace it? (yes/no): ")
        guard answer?.lowercased() == "yes" else { throw refusal }
    }

    private func answer(_ key: String, _ prompt: String, _ fallback: String) throws -> String {
        let value: String
        if let text = given[key] ?? nil {
            value = text
        } else if options.yes {
            value = fallback
        } else {
            guard let line = Terminal.ask(prompt) else {
                throw CommandFailure(
                    .usage,
                    "The input ended before every question was answered.",
                    hint: "Use --yes for the defaults."
                )
            }
            let text = line.trimmingCharacters(in: .whitespaces)
            value = text.isEmpty ? fallback : text
        }
        if key == "sensitivity_level", !["low", "medium", "high"].contains(value.lowercased()) {
            throw CommandFailure(.usage, "The sensitivity level is Low, Medium or High, found '\(value)'.")
        }
        return value
    }
}
