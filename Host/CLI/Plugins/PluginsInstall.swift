import ArgumentParser
import Core
import Foundation
import PluginRuntime
import PraximousJSON
import Registry
import Sandbox
import Supervision
import Workers

struct PluginsInstall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Install packages from the store or from files.",
        discussion: """
            A running host serves what was installed within a second. What a package may do is shown and asked for;
            --yes does not accept permissions, --accept-permissions does.

            EXAMPLE:
              prax-host plugins install json_query
              prax-host plugins install acme/weather@^1.2 --accept-permissions network.http:api.weather.gov
              prax-host plugins install ./weather-1.2.0-linux-x86_64.tar.gz
            """
    )

    @OptionGroup var options: GlobalOptions
    @OptionGroup var store: StoreOptions

    @Argument(help: "Packages: names, names with @version, or files.")
    var packages: [String]

    @Option(help: ArgumentHelp("Permissions you accept, separated by commas, or `all`.", valueName: "list"))
    var acceptPermissions: String?

    @Flag(help: "Install again what is already there.")
    var force = false

    func run() async throws {
        let references = try packages.map { try PackageReference($0) }
        let progress = InstallProgress(options: options)
        let host = try HostConfiguration.read(options.installation)
        let installer = Installer(
            layout: StoreLayout(options.installation),
            policy: try store.policy(options),
            hooks: InstallHooks(
                checkLibrary: { try await Self.probe($0, host) },
                step: progress.step,
                progress: progress.advance
            )
        )
        var outcomes: [InstallOutcome] = []
        do {
            try await installer.install(references, options: try installOptions()) { outcome in
                outcomes.append(outcome)
                if !options.quiet { outcome.warnings.forEach(Terminal.say) }
                if !options.json { print(outcome.sentence) }
            }
        } catch {
            guard !outcomes.isEmpty else { throw error }
            let failure = CommandFailure(error, parser: Self.self)
            let done = outcomes.map(\.receipt.name.description).joined(separator: ", ")
            let message = failure.message + " Installed before that: \(done)."
            throw CommandFailure(.partial, message, hint: failure.hint, code: failure.code)
        }
        if options.json { print((["installed": .array(outcomes.map(\.json))] as JSON).text) }
    }

    private func installOptions() throws -> InstallOptions {
        let (bundled, _) = PluginFolder.discover(below: HostLayout.bundledPlugins, origin: .bundled)
        var taskTypes: [String: PluginName] = [:]
        for folder in bundled {
            if let taskType = folder.manifest.taskType { taskTypes[taskType] = folder.manifest.name }
        }
        return InstallOptions(
            consent: ConsentQuestion(options: options).consent(accepting: acceptPermissions),
            allowUnsigned: store.allowUnsigned,
            force: force,
            bundledTaskTypes: taskTypes
        )
    }

    /// Loads the library once as a host would, in a worker in the sandbox, watched from a thread that may block.
    private static func probe(_ package: StagedPackage, _ host: HostConfiguration) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        let folder = try PluginFolder(path: package.folderPath, origin: .installed)
                        let policy = IsolationPolicy(settings: host.isolation)
                        let outcome = DryLoad(host.workers, patience: .seconds(10)).run(
                            folder,
                            policy.decide(folder.manifest, origin: .installed),
                            settings: PluginSettings(config: host.plugins["\(folder.manifest.name)"]?.config ?? [:])
                        )
                        if let refusal = outcome.refusal { throw refusal }
                        if let denial = outcome.denials.first(where: \.isAnAttack) {
                            throw CommandFailure(.incompatible, "it tried what no plugin may: \(denial.sentence).")
                        }
                    }
                )
            }
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

extension InstallOutcome {
    var sentence: String {
        let subject = "\(receipt.name) \(receipt.version)"
        let signer = "signed by \(receipt.signedBy)"
        return switch change {
        case .alreadyThere: "\(subject) is already installed, \(signer)."
        case .installed, .reinstalled: "\(subject) \(change.rawValue), \(signer)."
        case .upgraded, .downgraded:
            "\(subject) \(change.rawValue) from \(previousVersion?.description ?? "?"), \(signer)."
        }
    }

    var json: JSON {
        [
            "name": .string(receipt.name.description), "version": .string(receipt.version.description),
            "change": .string(change.rawValue), "trust": .string(receipt.trust.rawValue),
            "previous": previousVersion.map { .string($0.description) } ?? .null,
            "key_id": receipt.key.map { .string($0.id) } ?? .null,
            "task_type": receipt.taskType.map(JSON.string) ?? .null,
            "permissions": .array(receipt.permissions.map(JSON.string)),
            "warnings": .array(warnings.map(JSON.string)),
        ]
    }
}
