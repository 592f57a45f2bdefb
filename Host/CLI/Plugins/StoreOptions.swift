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
        policy.useAuthorities(of: ProcessInfo.processInfo.environment)
        return policy
    }

    /// The indexes for looking around; says on stderr how old they are and what was skipped.
    ///
    /// One that cannot be read is left out with a warning while another can.
    func browse(_ options: GlobalOptions) async throws -> StoreIndexes {
        let (indexes, leftOut) = try await client(options).browseAll(allowUnsigned: allowUnsigned)
        if !options.quiet { Self.tell(indexes.indexes, leftOut) }
        return indexes
    }

    /// As ``browse(_:)``, for a search.
    func summaries(_ options: GlobalOptions) async throws -> [Loaded<IndexSummary>] {
        let (indexes, leftOut) = try await client(options).browseSummaries(allowUnsigned: allowUnsigned)
        if !options.quiet { Self.tell(indexes, leftOut) }
        return indexes
    }

    private func client(_ options: GlobalOptions) throws -> IndexClient {
        IndexClient(layout: StoreLayout(options.installation), policy: try policy(options))
    }

    private static func tell<Contents>(
        _ indexes: [Loaded<Contents>],
        _ leftOut: [(name: String, error: RegistryError)]
    ) {
        indexes.forEach(tell)
        for (name, error) in leftOut { Terminal.say("The index \(name) is left out: \(error)") }
    }

    private static func tell<Contents>(_ loaded: Loaded<Contents>) {
        loaded.warnings.forEach(Terminal.say)
        let date = loaded.index.generated.map { " of \($0)" } ?? ""
        let origin = loaded.isCached ? ", a copy kept from before: the store cannot be reached" : ""
        let name = loaded.name == IndexEntry.defaultName ? "Index" : "Index \(loaded.name),"
        Terminal.say("\(name) version \(loaded.index.version)\(date), \(loaded.trust.rawValue)\(origin).")
    }
}
