import ArgumentParser

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Create, list, limit, rotate and revoke API keys.",
        subcommands: [KeysCreate.self, KeysList.self, KeysLimits.self, KeysRevoke.self, KeysRotate.self]
    )
}
