import ArgumentParser
import Core
import PraximousJSON
import Workers

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Show the version of the host and of the plugin ABI it offers."
    )

    @OptionGroup var options: GlobalOptions

    func run() {
        let abi = "\(HostVersion.abiMajor).\(HostVersion.abiMinor)"
        if options.json {
            let tables: JSON = [
                "prax.host.call/1", "prax.host.log/1", "prax.host.config/1", "prax.host.kv/1", "prax.host.http/1",
                "prax.host.invoke/1", "prax.host.metrics/1",
            ]
            print(
                ([
                    "name": .string(HostVersion.name), "version": .string(HostVersion.text), "abi": .string(abi),
                    "tables": tables, "wire_generations": .array(Wire.generations.map { .integer($0) }),
                ] as JSON).text
            )
        } else {
            print("\(HostVersion.name) \(HostVersion.text), plugin ABI \(abi)")
        }
    }
}
