import ArgumentParser
import Core
import Foundation
import PluginRuntime
import PraximousJSON
import Registry
import Sandbox
import Supervision
import Synchronization
import Workers

/// What every command takes that may bring another version of a package.
struct ChangeOptions: ParsableArguments {
    @OptionGroup var options: GlobalOptions
    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("Permissions you accept, separated by commas, or `all`.", valueName: "list"))
    var acceptPermissions: String?

    @Flag(help: "Show what would happen, and change nothing.")
    var dryRun = false

    var layout: StoreLayout { StoreLayout(options.installation) }

    func pluginStore() throws -> PluginStore {
        let host = try HostConfiguration.read(options.installation)
        let trial = LibraryTrial(host: host)
        return PluginStore(
            layout: layout,
            policy: try store.policy(options),
            prepareCheck: { trial.startAhead() },
            checkLibrary: { try await trial.run($0) }
        )
    }

    func installOptions() -> InstallOptions {
        var install = InstallOptions.forHost()
        install.consent = ConsentQuestion(options: options).consent(accepting: acceptPermissions)
        install.allowUnsigned = store.allowUnsigned
        install.isDryRun = dryRun
        return install
    }
}

extension InstallOptions {
    /// With the task types that are taken by what ships with this host.
    static func forHost() -> InstallOptions {
        let (bundled, _) = PluginFolder.discover(below: HostLayout.bundledPlugins, origin: .bundled)
        var taskTypes: [String: PluginName] = [:]
        for folder in bundled {
            if let taskType = folder.manifest.taskType { taskTypes[taskType] = folder.manifest.name }
        }
        return InstallOptions(bundledTaskTypes: taskTypes)
    }
}

/// Loads a staged library once as a host would, in a worker in the sandbox, watched from a thread that may block.
final class LibraryTrial: Sendable {
    private let host: HostConfiguration
    private let dryLoad = Mutex<DryLoad?>(nil)

    init(host: HostConfiguration) { self.host = host }

    /// Lets the process start while there is still something to download; returns at once.
    func startAhead() {
        Thread.detachNewThread { [self] in
            dryLoad.withLock { load in
                guard load == nil else { return }
                let made = makeLoad()
                made.startAhead()
                load = made
            }
        }
    }

    private func makeLoad() -> DryLoad { DryLoad(host.workers, patience: .seconds(10)) }

    func run(_ package: StagedPackage) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            Thread.detachNewThread { [self] in continuation.resume(with: Result { try load(package) }) }
        }
    }

    private func load(_ package: StagedPackage) throws {
        let folder = try PluginFolder(path: package.folderPath, origin: .installed)
        let policy = IsolationPolicy(settings: host.isolation)
        let dryLoad = dryLoad.withLock { load in
            let made = load ?? makeLoad()
            load = made
            return made
        }
        let outcome = dryLoad.run(
            folder,
            policy.decide(folder.manifest, origin: .installed),
            settings: PluginSettings(config: host.plugins["\(folder.manifest.name)"]?.config ?? [:])
        )
        if let refusal = outcome.refusal { throw refusal }
        if let denial = outcome.denials.first(where: \.isAnAttack) {
            throw CommandFailure(.incompatible, "it tried what no plugin may: \(denial.sentence).")
        }
    }
}

extension Denial {
    /// Whether nobody does this by accident while a library is loaded; many look for files that are not there.
    fileprivate var isAnAttack: Bool {
        switch what {
        case .write, .socket, .fork, .exec, .signal, .trace, .mount, .namespace: true
        case .open, .attributes, .memory, .ipc, .kernel: false
        }
    }
}
