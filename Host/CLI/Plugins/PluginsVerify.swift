import ArgumentParser
import Core
import PraximousJSON
import Registry

struct PluginsVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compare every installed file with what was signed.",
        discussion: """
            Exit code 4 means that a file was modified, is missing or was added.

            EXAMPLE:
              prax-host plugins verify --all
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The package; all of them when none is named.")
    var package: String?

    @Flag(help: "Every installed package.")
    var all = false

    func run() throws {
        let policy = try HostConfiguration.read(options.installation).store
        let verification = Verification(layout: StoreLayout(options.installation), policy: policy)
        let results = try verification.verify(all ? nil : package.map { try PackageReference($0) })
        if options.json {
            print((["verified": .array(results.map(json))] as JSON).text)
        } else {
            for result in results { print(line(result)) }
        }
        let bad = results.filter { !$0.isIntact }
        guard !bad.isEmpty else { return }
        // The document is out already; a second one for the error would break --json.
        if options.json { throw ExitCode(Core.ExitCode.verificationFailed.rawValue) }
        let problems = bad.flatMap { result in result.problems.map { "\(result.receipt.name): \($0)" } }
        throw CommandFailure(
            .verificationFailed,
            problems.joined(separator: "\n"),
            hint: "Do not use it. Install it again: prax-host plugins install --force \(bad[0].receipt.name)",
            code: "package_modified"
        )
    }

    private func line(_ result: Verification.Result) -> String {
        let subject = "\(result.receipt.name) \(result.receipt.version)"
        return result.isIntact ? "\(subject): intact, \(result.receipt.signedBy)" : "\(subject): modified"
    }

    private func json(_ result: Verification.Result) -> JSON {
        [
            "name": .string(result.receipt.name.description), "version": .string(result.receipt.version.description),
            "intact": .bool(result.isIntact), "trust": .string(result.receipt.trust.rawValue),
            "key_id": result.receipt.key.map { .string($0.id) } ?? .null,
            "problems": .array(result.problems.map(JSON.string)),
        ]
    }
}
