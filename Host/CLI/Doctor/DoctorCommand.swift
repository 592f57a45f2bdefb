import ArgumentParser
import Core
import PraximousJSON

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check the installation; every line that is not ok says what to do.",
        discussion: """
            Exit code 11 means that something is BAD; a note is worth knowing and no more. Only --network asks the network.

            EXAMPLE:
              prax-host doctor
              prax-host doctor --json
            """
    )

    @OptionGroup var options: GlobalOptions

    @Flag(help: "Also look whether somebody is at the providers' addresses.")
    var network = false

    func run() throws {
        let sections = check(options.installation)
        let findings = sections.flatMap(\.findings)
        if options.json {
            let list = sections.flatMap { section in section.findings.map { $0.json(section: section.name) } }
            print((["findings": .array(list)] as JSON).text)
        } else {
            for section in sections where !section.findings.isEmpty {
                print(section.name)
                for finding in section.findings { print("  " + finding.line) }
            }
        }
        guard findings.allSatisfy({ $0.state != .bad }) else {
            throw ArgumentParser.ExitCode(Core.ExitCode.findings.rawValue)
        }
    }

    private func check(_ root: InstallationRoot) -> [(name: String, findings: [Finding])] {
        let settings = SettingsCheck(root: root)
        let (configuration, configurationFindings) = settings.read()
        let kernel = KernelCheck()
        let plugins = PluginCheck(root: root, configuration: configuration, kernel: kernel)
        return [
            ("host", HostCheck(root: root, configuration: configuration).findings()),
            ("configuration", configurationFindings + settings.environmentFile() + settings.privateFiles()),
            ("limits", LimitCheck(root: root).findings()),
            ("kernel", kernel.findings()),
            ("trust", TrustCheck(root: root, policy: configuration.store).findings()),
            ("plugins", plugins.findings()),
            (
                "providers",
                ProviderCheck(root: root, configuration: configuration, asksNetwork: network).findings()
            ),
        ]
    }
}
