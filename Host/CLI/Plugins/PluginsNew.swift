import ArgumentParser
import Core
import Foundation
import PraximousJSON

extension PluginTemplate.Kind: ExpressibleByArgument {}

struct PluginsNew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Begin a plugin: a folder that builds and passes its tests as it is.",
        discussion: """
            EXAMPLE:
              prax-host plugins new acme/pdf-extract --lang c
              prax-host plugins new notes --owner acme --kind vectorstore --lang swift --dir ./src/notes
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The plugin's name, such as pdf-extract or acme/pdf-extract.")
    var name: String

    @Option(help: "What it is: skill, provider or vectorstore.")
    var kind = PluginTemplate.Kind.skill

    @Option(help: "The language: c, cpp, rust or swift.")
    var lang: ProjectLanguage

    @Option(help: "The publisher's part of the name, when the name has none (default: local).")
    var owner: String?

    @Option(help: "The folder to make (default: one of the plugin's name, here).")
    var dir: String?

    func run() throws {
        let name = try fullName()
        let folder = URL(fileURLWithPath: dir ?? name.name).standardizedFileURL.path
        let template = PluginTemplate(sdk: try PluginSDK.find(), kind: kind, language: lang, name: name)
        let files = try template.write(to: folder)
        if options.json {
            let json: JSON = [
                "path": .string(folder), "name": .string("\(name)"), "files": .array(files.map(JSON.string)),
            ]
            return print(json.text)
        }
        for file in files { print("\(folder)/\(file)") }
        if !options.quiet {
            Terminal.say("Next: prax-host plugins build \(folder) && prax-host plugins test \(folder)")
        }
    }

    private func fullName() throws -> PluginName {
        if let owner, name.contains("/") {
            throw CommandFailure(
                .usage,
                "The name \(name.quotedForMessage()) has an owner, and --owner \(owner) names one as well.",
                hint: "Give one of the two."
            )
        }
        do {
            return try PluginName.parse(name.contains("/") ? name : "\(owner ?? "local")/\(name)")
        } catch { throw CommandFailure(.usage, "\(error)") }
    }
}
