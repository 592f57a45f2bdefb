import ArgumentParser
import Core
import Foundation

struct ResetIdentityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset-identity",
        abstract: "Delete the identity of the installation; keys, plugins and the audit log stay."
    )

    @OptionGroup var options: GlobalOptions

    func run() throws {
        let path = options.installation.identity
        guard FileManager.default.fileExists(atPath: path) else {
            throw CommandFailure(.notFound, "Identity configuration file '\(path)' not found. Nothing to reset.")
        }
        if !options.yes {
            let question = "Are you sure you want to reset the identity by deleting '\(path)'? (yes/no): "
            guard Terminal.ask(question)?.trimmingCharacters(in: .whitespaces).lowercased() == "yes" else {
                throw CommandFailure(.refused, "Identity reset cancelled.", hint: "Answer yes, or use --yes.")
            }
        }
        try FileManager.default.removeItem(atPath: path)
        print("Identity '\(path)' is deleted. Make a new one with: prax-host init")
    }
}
