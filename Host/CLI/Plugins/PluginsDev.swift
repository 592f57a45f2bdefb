import ArgumentParser
import Core
import Dispatch
import Foundation
import PluginRuntime
import PraximousJSON
import Registry
import Supervision
import Synchronization
import Workers

struct PluginsDev: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dev",
        abstract: "Build a plugin, serve it, and do both anew each time a file is saved.",
        discussion: """
            A host that serves the installation takes the plugin in; without one, or with --port, it gets a host of its own
            on an installation that goes with it. Each build is tested at level 1. Ctrl-C stops.

            EXAMPLE:
              prax-host plugins dev ./my-skill --port 8000
            """
    )

    /// Editors write several files at once.
    private static let quietTime = Duration.milliseconds(100)

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The project's folder (default: this one).")
    var folder = "."

    @Option(help: "A host of its own on this port; 0 takes a free one.")
    var port: Int?

    func run() throws {
        if let port, !(0...65_535 ~= port) {
            throw CommandFailure(.usage, "--port is 0 to 65535, found \(port).")
        }
        let project = try PluginProject(folder)
        let stop = StopFlag()
        var stamp = SourceStamp(project.path)
        var hash = try build(project)
        tell("\(project.folder.manifest.name): \(hash), \(try test(project))")
        let host = try DevHost(serving: project.folder, in: options.installation, port: port)
        defer { host.stop() }
        guard FolderWatch.start(SourceStamp.folders(project.path), for: FolderWatch.saves, changed: { stop.wake() })
        else {
            throw CommandFailure(.internalError, "The kernel grants no watch of \(project.path).")
        }
        Terminal.say("Watching \(project.path); Ctrl-C stops.")
        while !stop.isSet {
            stop.wait()
            // An editor saves in several steps; what is built is what there is once it is quiet.
            usleep(UInt32(Self.quietTime.nanoseconds / 1000))
            let now = SourceStamp(project.path)
            guard !stop.isSet, now != stamp else { continue }
            stamp = now
            rebuild(&hash, host)
        }
    }

    /// What is wrong is said, and the old one is served on.
    private func rebuild(_ hash: inout String, _ host: DevHost) {
        do {
            let project = try PluginProject(folder)
            let old = hash
            hash = try build(project)
            let result = try host.restart(project.folder.manifest.name)
            let served =
                result.map { $0.isOK ? try? test(project) : "not served: \($0.message.forTerminal)" }
                ?? "the host did not answer"
            tell("\(project.folder.manifest.name): \(old) -> \(hash), \(served ?? "not tested")")
        } catch {
            let failure = CommandFailure(error, parser: PraxHost.self)
            Terminal.say(failure.message + (failure.hint.map { "\n  " + $0 } ?? ""))
        }
    }

    /// At once, to whoever reads along: `print` would keep it.
    private func tell(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    /// Returns the beginning of the library's SHA-256.
    private func build(_ project: PluginProject) throws -> String {
        let library = try ProjectBuild(project: project, platform: HostPlatform.current.name).run()
        return String(SHA256Digest(of: [UInt8](FileManager.default.contents(atPath: library) ?? Data())).hex.prefix(12))
    }

    private func test(_ project: PluginProject) throws -> String {
        let configuration = try HostConfiguration.read(options.installation)
        let name = project.folder.manifest.name.description
        let suite = ConformanceSuite(
            folder: project.folder,
            decision: IsolationPolicy(settings: configuration.isolation).decide(
                project.folder.manifest,
                origin: .local
            ),
            settings: PluginSettings(config: configuration.plugins[name]?.config ?? [:]),
            runtime: WorkerRuntime(executable: HostLayout.executable, settings: configuration.workers),
            seed: 1,
            checks: ConformanceSuite.checks.filter { $0.level == 1 }
        )
        let failed = suite.run(atOnce: 2).compactMap { result in
            result.failure.map { "\(result.check.name): \($0.found)" }
        }
        return failed.isEmpty ? "ok" : "failed \(failed.joined(separator: "; "))"
    }
}

/// Set by SIGINT and SIGTERM; wakes whoever waits, as each saved file does.
///
/// `@unchecked`: the sources are not touched again once init has armed them.
private final class StopFlag: @unchecked Sendable {
    private let isStopped = Atomic(false)
    private let semaphore = Semaphore()
    private let sources: [any DispatchSourceSignal]

    init() {
        let queue = DispatchQueue(label: "prax-signals")
        sources = [SIGTERM, SIGINT].map { DispatchSource.makeSignalSource(signal: $0, queue: queue) }
        for source in sources {
            source.setEventHandler { [weak self] in self?.set() }
            source.resume()
        }
    }

    var isSet: Bool { isStopped.load(ordering: .acquiring) }

    func wake() { semaphore.signal() }
    func wait() { semaphore.wait() }

    private func set() {
        isStopped.store(true, ordering: .releasing)
        semaphore.signal()
    }
}
