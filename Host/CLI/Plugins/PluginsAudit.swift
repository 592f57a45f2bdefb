import ArgumentParser
import Core
import PraximousJSON
import Registry

struct PluginsAudit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract:
            "Show what speaks against installed packages: revoked, modified, known weaknesses, taken back, unsigned.",
        discussion: """
            EXAMPLE:
              prax-host plugins audit --exit-code
            """
    )

    @OptionGroup var options: GlobalOptions
    @OptionGroup var store: StoreOptions

    @Flag(help: "End with 11 when something should be done.")
    var exitCode = false

    func run() async throws {
        let layout = StoreLayout(options.installation)
        let indexes = try await indexes()
        let findings = try PackageAudit(layout: layout, policy: store.policy(options)).findings(indexes)
        if options.json {
            print((["index": .bool(!indexes.indexes.isEmpty), "findings": .array(findings.map(\.json))] as JSON).text)
        } else if findings.isEmpty {
            if !options.quiet { Terminal.say("Nothing speaks against what is installed.") }
        } else {
            for finding in findings {
                let fix = finding.fix.map { " (\($0))" } ?? ""
                print(
                    "\(finding.name) \(finding.version): \(finding.kind.rawValue): \(finding.message.forTerminal)\(fix)"
                )
            }
        }
        guard exitCode, findings.contains(where: \.isProblem) else { return }
        throw ArgumentParser.ExitCode(Core.ExitCode.findings.rawValue)
    }

    /// Without an index the files are still looked at.
    private func indexes() async throws -> StoreIndexes {
        do {
            return try await store.browse(options)
        } catch let error as RegistryError {
            if !options.quiet { Terminal.say("The store tells nothing: \(error.message)") }
            return StoreIndexes([])
        }
    }
}

extension PackageAudit.Finding {
    fileprivate var json: JSON {
        [
            "name": .string("\(name)"), "version": .string("\(version)"), "kind": .string(kind.rawValue),
            "problem": .bool(isProblem), "message": .string(message), "fix": fix.map(JSON.string) ?? .null,
        ]
    }
}
