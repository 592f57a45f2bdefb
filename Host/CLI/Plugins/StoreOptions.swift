import ArgumentParser
import Core
import Egress
import Foundation
import Registry

/// What every command that reads an index takes.
struct StoreOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The index: a URL, or a folder with skills.json (default: store.index of the configuration, else the one that ships with the host).",
            valueName: "url"
        )
    )
    var index: String?

    @Flag(help: "Accept an index or a package without a signature; the operator must allow it as well.")
    var allowUnsigned = false

    /// The operator's policy, with the index asked for and the authorities of the environment.
    func policy(_ options: GlobalOptions) throws -> StorePolicy {
        var policy = try HostConfiguration.read(options.installation).store
        if let index { policy.index = index }
        if policy.download.authorityFile == nil {
            let environment = DownloadPolicy(environment: ProcessInfo.processInfo.environment)
            policy.download.authorityFile = environment.authorityFile
        }
        return policy
    }

    /// The index for looking around; says on stderr how old it is and what was skipped.
    func browse(_ options: GlobalOptions) async throws -> LoadedIndex {
        let client = IndexClient(layout: StoreLayout(options.installation), policy: try policy(options))
        let loaded = try await client.browse(allowUnsigned: allowUnsigned)
        if !options.quiet {
            loaded.warnings.forEach(Terminal.say)
            let date = loaded.index.generated.map { " of \($0)" } ?? ""
            let origin = loaded.isCached ? ", a copy kept from before: the store cannot be reached" : ""
            Terminal.say("Index version \(loaded.index.version)\(date), \(loaded.trust.rawValue)\(origin).")
        }
        return loaded
    }
}
