import Access
import Core
import Foundation
import Gateway
import Glibc
import Logging
import Manifests
import PluginRuntime
import PraximousJSON
import Services
import Supervision
import Synchronization

/// Keeps the providers in line with config/providers.yaml and the installed plugins while the host runs.
///
/// A file that is wrong changes nothing: what ran before goes on. New instances are started first, then the table is
/// switched as a whole, then the old ones finish what they have begun.
final class ProviderSync: Sendable {
    private struct Running {
        let settings: ProviderSettings
        let runner: any SkillRunner
    }

    private struct State {
        var configuration = ProvidersConfiguration()
        /// By the entry's name.
        var running: [String: Running] = [:]
        /// Why an entry has no runner of its own.
        var refusals: [String: Refusal] = [:]
        var folders: [PluginFolder] = []
        var environment: HostEnvironment?
        /// What was read last, right or wrong.
        var lastRead: [UInt8] = []
    }

    private let root: InstallationRoot
    private let setup: PluginSetup
    private let process: [String: String]
    private let failures: HostMetric?
    private let logger: Logger
    /// What the last update came to, for those who must not wait for the next one.
    private let shown = Mutex<(ProvidersConfiguration, [String: Refusal])>((ProvidersConfiguration(), [:]))
    /// Held while plugins start: one update at a time.
    private let state = Mutex(State())

    init(root: InstallationRoot, setup: PluginSetup, process: [String: String], logger: Logger) {
        self.root = root
        self.setup = setup
        self.process = process
        self.logger = logger
        failures = try? setup.metrics.counter(
            "prax_config_reload_failures_total",
            help: "Changes of providers.yaml that were not taken over because they were wrong."
        )
    }

    var table: ProviderTable { setup.providers }

    /// Whether nothing but the built-in responder answers.
    var isBuiltInAlone: Bool {
        let entries = table.snapshot.providers.map(\.entry)
        return !entries.isEmpty && entries.allSatisfy(\.isBuiltIn)
    }

    /// Reads the file of a starting host, whose first ``update(_:replacing:)`` follows.
    ///
    /// Throws ``YAMLProblems``.
    func readFirst(_ folders: [PluginFolder]) throws {
        try state.withLock { state in
            state.folders = folders
            state.lastRead = currentBytes()
            state.configuration = try read(&state)
        }
    }

    /// Takes over what plugins there are; blocks while new instances start.
    ///
    /// `replacing` names plugins whose instances are made anew. Returns the plugins of which an instance was started.
    @discardableResult
    func update(_ folders: [PluginFolder], replacing: Set<PluginName> = []) -> Set<PluginName> {
        state.withLock { state in
            state.folders = folders
            return apply(&state, replacing)
        }
    }

    /// Takes over what the file says now, if it has changed and is right; blocks while new instances start.
    func reload() {
        state.withLock { state in
            let bytes = currentBytes()
            guard bytes != state.lastRead else { return }
            state.lastRead = bytes
            do {
                state.configuration = try read(&state, isRunning: true)
            } catch {
                failures?.add()
                logger.error(
                    "providers.yaml not taken over",
                    metadata: [
                        "reason": "\(error)", "next": "the providers stay as they are", "fix": "prax-host config check",
                    ]
                )
                return
            }
            apply(&state, [])
            logger.notice("providers.yaml taken over", metadata: ["providers": "\(state.configuration.entries.count)"])
        }
    }

    /// Looks whenever a file of the configuration is saved, and once a second in any case, until cancelled.
    func watch() async throws {
        // Not when one is made: then there is nothing in it yet.
        let saves = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO)
        FolderWatch.start([root.configFolder], for: saves) { [self] in reload() }
        var last = stamp
        // Where inotify is not to be had, such as on a network file system, this finds the change.
        while true {
            try await Task.sleep(for: .seconds(1))
            let now = stamp
            guard now != last else { continue }
            last = now
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    self.reload()
                    continuation.resume()
                }
            }
        }
    }

    private var files: [String] { [root.providersFile, root.environmentFile] }

    private var stamp: [Int] {
        files.flatMap { path -> [Int] in
            var info = stat()
            guard stat(path, &info) == 0 else { return [0] }
            return [Int(info.st_ino), Int(info.st_size), info.st_mtim.tv_sec, info.st_mtim.tv_nsec]
        }
    }

    private func currentBytes() -> [UInt8] {
        // One byte between them that neither holds.
        files.map { [UInt8](FileManager.default.contents(atPath: $0) ?? Data()) }.reduce([]) { $0 + [0] + $1 }
    }

    private func read(_ state: inout State, isRunning: Bool = false) throws -> ProvidersConfiguration {
        let environment = try HostEnvironment(process: process, file: root.environmentFile)
        let installed = state.folders.filter { $0.manifest.kind == .provider }.map(\.manifest.name)
        let context = ProvidersFile.Context(plugins: Set(installed)) { environment[$0] }
        if isRunning, !state.configuration.entries.isEmpty { try checkThere() }
        let configuration = try ProvidersConfiguration.read(root, context)
        state.environment = environment
        return configuration
    }

    /// An editor moves a file away, or empties it, before it writes the new one.
    private func checkThere() throws {
        let bytes = FileManager.default.contents(atPath: root.providersFile) ?? Data()
        guard bytes.contains(where: { !" \t\r\n".utf8.contains($0) }) else {
            throw YAMLProblems(problems: [
                "\(root.providersFile) is empty or gone; to have none of your own, write providers: []"
            ])
        }
    }

    @discardableResult
    private func apply(_ state: inout State, _ replacing: Set<PluginName>) -> Set<PluginName> {
        let before = state.running
        var started: Set<PluginName> = []
        var served: [ServedProvider] = []
        state.running = [:]
        state.refusals = [:]
        let configuration = state.configuration.completed(state.folders.map(\.manifest.name))
        for entry in configuration.entries {
            let old = before[entry.name]
            do throws(Refusal) {
                let settings = try settings(for: entry, state)
                if let old, old.settings.isSame(as: settings), !replacing.contains(entry.plugin), !isRefused(old) {
                    state.running[entry.name] = Running(settings: settings, runner: old.runner)
                    served.append(ServedProvider(entry: entry, runner: old.runner))
                    continue
                }
                let isServed = old.map { !isRefused($0) && $0.settings.entry.plugin == entry.plugin } ?? false
                let runner = try setup.fleet.start(
                    settings.folder,
                    as: entry.name,
                    with: setup.provide(settings),
                    hasPredecessor: isServed
                )
                started.insert(entry.plugin)
                state.running[entry.name] = Running(settings: settings, runner: runner)
                served.append(ServedProvider(entry: entry, runner: runner))
                note(settings)
            } catch {
                logger.error("provider refused", metadata: ["provider": "\(entry.name)", "reason": "\(error)"])
                state.refusals[entry.name] = error
                // What cannot be replaced goes on, unless its plugin is gone.
                if let old, state.folders.contains(where: { $0.path == old.settings.folder.path }), !isRefused(old) {
                    state.running[entry.name] = old
                    served.append(ServedProvider(entry: old.settings.entry, runner: old.runner))
                } else {
                    served.append(ServedProvider(entry: entry, runner: UnavailableRunner(.providerRefused)))
                }
            }
        }
        publish(served, configuration, state, before)
        return started
    }

    private func settings(for entry: ProviderEntry, _ state: State) throws(Refusal) -> ProviderSettings {
        let folder = state.folders.first { $0.manifest.name == entry.plugin && $0.manifest.kind == .provider }
        guard let folder else {
            throw .noPlugin(entry)
        }
        return try ProviderSettings(entry, folder) { state.environment?[$0] }
    }

    private func note(_ settings: ProviderSettings) {
        let name = PluginInstanceName(plugin: settings.entry.plugin, entry: settings.entry.name)
        logger.info("provider started", metadata: ["provider": "\(name)"])
        guard let variable = settings.missingVariable else { return }
        logger.warning(
            "provider without a key",
            metadata: ["provider": "\(name)", "fix": "set \(variable) in the environment or in config/.env"]
        )
    }

    private func publish(
        _ served: [ServedProvider],
        _ configuration: ProvidersConfiguration,
        _ state: State,
        _ before: [String: Running]
    ) {
        shown.withLock { $0 = (configuration, state.refusals) }
        table.replace(
            with: ProviderSnapshot(providers: served, routes: configuration.routes, breaker: configuration.breaker)
        )
        // Refused before it stood in the table: nobody else takes it out.
        for running in state.running.values where isRefused(running) {
            table.replace(running.runner, by: UnavailableRunner(.providerRefused))
        }
        let kept = state.running.values.map { ObjectIdentifier($0.runner) }
        for old in before.values where !kept.contains(ObjectIdentifier(old.runner)) { old.runner.retire() }
        let names = state.running.values.map {
            PluginInstanceName(plugin: $0.settings.entry.plugin, entry: $0.settings.entry.name)
        }
        setup.fleet.keep(onlyEntries: Set(names))
    }

    /// Whether its plugin turned out, while it was starting, to be one that cannot be loaded.
    private func isRefused(_ running: Running) -> Bool { report(running.settings.entry)?.state == .refused }

    private func report(_ entry: ProviderEntry) -> PluginReport? {
        setup.fleet.report(of: PluginInstanceName(plugin: entry.plugin, entry: entry.name))
    }
}

extension ProviderSync {
    /// How every provider stands, in the order of the file; no secrets.
    var views: [JSON] {
        let (configuration, refusals) = shown.withLock { $0 }
        return configuration.entries.map { view($0, refusals[$0.name]) }
            + configuration.disabled.map { ["name": .string($0), "state": "disabled"] }
    }

    private func view(_ entry: ProviderEntry, _ refusal: Refusal?) -> JSON {
        let report = report(entry)
        let state = report?.state ?? .refused
        let reason = refusal?.description ?? report?.reason
        let last = table.lastFailure(of: entry.name)
        let models = [entry.model] + entry.models.map(\.description).filter { $0 != entry.model }
        return [
            "name": .string(entry.name),
            "type": .string(entry.plugin.owner == "praximous" ? entry.plugin.name : entry.plugin.description),
            "plugin": .string(entry.plugin.description), "model": .string(entry.model),
            "models": .array(models.map(JSON.string)), "priority": .integer(entry.priority),
            "state": .string(state.rawValue), "reason": reason.map(JSON.string) ?? .null,
            "last_error": last.map { ["code": .string($0.code), "message": .string($0.message)] } ?? .null,
        ]
    }
}
