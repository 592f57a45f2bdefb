import ArgumentParser

struct RegistryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "registry",
        abstract: "Build and sign a store of packages: static files for any web server, or a folder.",
        subcommands: [
            RegistryBuild.self, RegistrySign.self, RegistryRoot.self, RegistryTimestamp.self, RegistryKeygen.self,
        ]
    )
}
