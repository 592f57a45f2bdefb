import ArgumentParser

struct ProvidersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "providers",
        abstract: "Show the providers of config/providers.yaml, and ask one how it is.",
        subcommands: [ProvidersList.self, ProvidersTest.self]
    )
}
