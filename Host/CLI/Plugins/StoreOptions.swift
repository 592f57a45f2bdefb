import ArgumentParser
import Core
import Egress
import Foundation
import Registry

/// What every command that reads an index takes.
struct StoreOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The index: its name, a URL, or a folder with skills.json (default: store.index of the configuration, else the one that ships with the host).",
            valueName: "url"
        )
    )
    var index: String?

    @Flag(help: "Ask nothing of the network: copies kept from before must do.")
    var offline = false

    @Flag(help: "Accept an index or a package without a signature; the operator must allow it as well.")
    var allowUnsigned = false

    /// The operator's policy, with the index asked for and the authorities of the environment.
    func policy(_ options: GlobalOptions) throws -> StorePolicy {
        var policy = try Self.operatorPolicy(options)
        policy.isOffline = offline
        if let index {
            if let entry = policy.indexes.first(where: { $0.name == index }) {
                policy.choose(entry)
            } else {
                policy.index = index
                policy.indexes = []
            }
        }
        return policy
    }

    /// What the operator decided, with the authorities of the environment.
    static func operatorPolicy(_ options: GlobalOptions) throws -> StorePolicy {
        let root = options.installation
        var policy = try HostConfiguration.read(root).store.with(TrustFile(root))
        if policy.download.authorityFile == nil {
            let environment = DownloadPolicy(environment: ProcessInfo.processInfo.environment)
            policy.download.authorityFile = environment.authorityFile
        }
        return policy
    }

    /// The indexes for looking around; says on stderr how old they are and what was skipped.
    ///
    /// One that cannot be read is left out with a warning while another can.
    func browse(_ options: GlobalOptions) async throws -> StoreIndexes {
        let policy = try policy(options)
        let client = IndexClient(layout: StoreLayout(options.installation), policy: policy)
        var loaded: [LoadedIndex] = []
        var failure: (any Error)?
        for entry in policy.entries {
            do {
                let index = try await client.browse(entry, allowUnsigned: allowUnsigned)
                if !options.quiet { Self.tell(index) }
                loaded.append(index)
            } catch {
                failure = failure ?? error
                if policy.entries.count > 1 { Terminal.say("The index \(entry.name) is left out: \(error)") }
            }
        }
        if loaded.isEmpty, let failure { throw failure }
        return StoreIndexes(loaded)
    }

    private static func tell(_ loaded: LoadedIndex) {
        loaded.warnings.forEach(Terminal.say)
        let date = loaded.index.generated.map { " of \($0)" } ?? ""
        let origin = loaded.isCached ? ", a copy kept from before: the store cannot be reached" : ""
        let name = loaded.name == IndexEntry.defaultName ? "Index" : "Index \(loaded.name),"
        Terminal.say("\(name) version \(loaded.index.version)\(date), \(loaded.trust.rawValue)\(origin).")
    }
}
