import Core
import Foundation
import Glibc
import Logging
import PluginRuntime
import Registry
import Supervision
import Synchronization

/// Keeps the skills in line with the plugin folders while the host runs: what another process installs or removes
/// is served, or no longer served, within a second and without a restart.
final class PluginSync: Sendable {
    private struct Stamp: Equatable {
        var changes: [Int]
    }

    private let folders: PluginFolders
    private let providers: ProviderSync
    private let skills: SkillTable
    private let fleet: PluginFleet
    private let restarts: RestartRequests
    private let quarantine: Quarantine
    private let logger: Logger
    private let probe = PluginProbe(executable: HostLayout.executable)
    /// One update at a time.
    private let updating = Mutex(())
    /// One look at the requests at a time, or two threads would serve the same one.
    private let servingRestarts = Mutex(())
    /// What the folders looked like when the last update began.
    private let lastSeen = Mutex(Stamp(changes: []))
    /// Local plugins that have passed the check in a child process, by folder and library time.
    private let checked = Mutex<Set<String>>([])
    /// The ids of requests that were served and whose files could not be removed.
    private let servedRequests = Mutex<Set<String>>([])
    /// The providers of which the last update started an instance.
    private let startedProviders = Mutex<Set<PluginName>>([])
    /// SHA-256 of the libraries that are loaded, by plugin.
    private let hashes = Mutex<[PluginName: String]>([:])

    init(
        folders: PluginFolders,
        setup: PluginSetup,
        providers: ProviderSync,
        root: InstallationRoot,
        logger: Logger
    ) {
        self.folders = folders
        self.providers = providers
        skills = setup.skills
        fleet = setup.fleet
        restarts = RestartRequests(root)
        quarantine = Quarantine(root)
        self.logger = logger
    }

    /// Looks at the folders and loads what is new.
    ///
    /// Blocks while plugins load: not for the cooperative pool. Loads nothing more once `isOver` says so.
    func update(until isOver: () -> Bool = { false }) { update(replacing: [], until: isOver) }

    /// `replacing` names plugins that get a new instance, or a new worker, though nothing about them has changed.
    @discardableResult
    private func update(
        replacing: Set<PluginName>,
        until isOver: () -> Bool = { false }
    ) -> SkillTable.Changes {
        updating.withLock { _ in
            let stamp = currentStamp()
            // What runs goes on running until it can be told again what may.
            guard skills.all.isEmpty || folders.hasReadableMarks else {
                logger.error("plugins not updated", metadata: ["reason": "the marks of plugins cannot be read"])
                return SkillTable.Changes()
            }
            defer { lastSeen.withLock { $0 = stamp } }
            var (found, refused) = folders.scan()
            fleet.keep(only: Set(found.map(\.manifest.name)))
            found = found.filter { folder in
                guard !isOver(), let refusal = refusalOfChild(folder) else { return true }
                refused.append((folder.path, refusal))
                return false
            }
            let changes = skills.update(to: found, replacing: replacing, until: isOver)
            if !isOver() {
                let started = providers.update(found.filter { $0.manifest.kind == .provider }, replacing: replacing)
                startedProviders.withLock { $0 = started }
            }
            noteHashes(changes)
            for name in changes.loaded { logger.info("skill loaded", metadata: ["plugin": "\(name)"]) }
            for name in changes.removed { logger.info("skill removed", metadata: ["plugin": "\(name)"]) }
            for (path, refusal) in refused + changes.refused {
                logger.error("plugin refused", metadata: ["path": "\(path)", "reason": "\(refusal)"])
            }
            return changes
        }
    }

    /// Keeps what each library was when it was loaded, to tell of a restart from what to what it was.
    private func noteHashes(_ changes: SkillTable.Changes) {
        for skill in skills.all where changes.loaded.contains("\(skill.manifest.name) \(skill.manifest.version)") {
            guard let folder = try? PluginFolder(path: skill.folderPath, origin: skill.origin),
                let path = try? folder.libraryPath(), let digest = try? SHA256Digest.ofFile(path)
            else { continue }
            hashes.withLock { $0[skill.manifest.name] = digest.hex }
        }
    }

    /// Does what `prax-host plugins restart` asked for, and answers.
    private func serveRestarts() { servingRestarts.withLock { _ in servePending() } }

    private func servePending() {
        let (requests, problems) = restarts.pending()
        for problem in problems { logger.error("restart request", metadata: ["reason": "\(problem)"]) }
        // Those who ask at the same moment mean the same restart.
        for (plugin, requests) in Dictionary(grouping: requests, by: \.plugin) {
            // One that could not be taken away, as on a full disk, is not served again and again.
            let fresh = servedRequests.withLock { served in requests.filter { served.insert($0.id).inserted } }
            guard !fresh.isEmpty else { continue }
            let result = restart(plugin)
            for request in fresh { answer(request, result) }
        }
    }

    private func answer(_ request: RestartRequests.Request, _ result: RestartRequests.Result) {
        do throws(StateError) {
            try restarts.finish(request, result)
            servedRequests.withLock { _ = $0.remove(request.id) }
        } catch {
            logger.error("restart not answered", metadata: ["reason": "\(error)"])
        }
    }

    /// Restarts a plugin for somebody who waits for it.
    func restartNow(_ plugin: PluginName) async -> RestartRequests.Result {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: self.servingRestarts.withLock { _ in self.restart(plugin) })
            }
        }
    }

    private func restart(_ plugin: PluginName) -> RestartRequests.Result {
        let old = skills.all.first { $0.manifest.name == plugin }
        let oldHash = hashes.withLock { $0[plugin] }
        do throws(StateError) {
            try quarantine.clear(plugin)
        } catch {
            return RestartRequests.Result(isOK: false, message: "\(error)")
        }
        let changes = update(replacing: [plugin])
        let new = skills.all.first { $0.manifest.name == plugin }
        var result = RestartRequests.Result(
            isOK: new != nil && new !== old || startedProviders.withLock { $0.contains(plugin) },
            oldVersion: old?.manifest.version.description,
            newVersion: new?.manifest.version.description,
            oldHash: oldHash,
            newHash: hashes.withLock { $0[plugin] },
            message: "restarted"
        )
        if !result.isOK {
            let refusal = changes.refused.first { refused in
                (try? PluginFolder(path: refused.path, origin: .local))?.manifest.name == plugin
            }
            result.message = refusal.map { "\($0.refusal)" } ?? "it is not among the plugins that this host serves"
        }
        return result
    }

    /// Updates, for somebody who has just changed the folders.
    ///
    /// Not only if their times differ: two changes within one tick of the clock have the same time.
    func refresh() async {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                self.update()
                continuation.resume()
            }
        }
    }

    /// Updates if the folders have changed since the last look; returns whether they had.
    func refreshIfChanged() async -> Bool {
        guard hasChanged() else { return false }
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                // Whoever waited for another update's end may find nothing left to do.
                if self.hasChanged() { self.update() }
                continuation.resume()
            }
        }
        return true
    }

    /// Looks whenever a folder changes, and once a second in any case, until cancelled.
    func watch() async throws {
        // Not only if the folders' times differ: two changes within one tick of the clock have the same time.
        FolderWatch.start(folders.changingFolders) { [self] in update() }
        do throws(StateError) {
            try restarts.prepare()
            restarts.forgetAnswers()
        } catch {
            logger.error("plugins cannot be restarted from outside", metadata: ["reason": "\(error)"])
        }
        let isWatched = FolderWatch.start([restarts.folder]) { [self] in serveRestarts() }
        // What was asked for before anybody watched.
        DetachedThread.start(named: "prax-restart") { [self] in serveRestarts() }
        // Where inotify is not to be had, such as on a network file system, this finds the change.
        while true {
            try await Task.sleep(for: .seconds(1))
            _ = await refreshIfChanged()
            if !isWatched, hasRestartRequests {
                DetachedThread.start(named: "prax-restart") { [self] in serveRestarts() }
            }
        }
    }

    /// Whether a request waits that no thread is about to serve.
    private var hasRestartRequests: Bool {
        let isBeingServed = servingRestarts.withLockIfAvailable { _ in true } == nil
        return !isBeingServed && restarts.isAnyWaiting
    }

    private func hasChanged() -> Bool {
        let current = currentStamp()
        return lastSeen.withLock { $0 != current }
    }

    private func currentStamp() -> Stamp {
        Stamp(changes: folders.changingFolders.flatMap(Self.changeTime))
    }

    private static func changeTime(of path: String) -> [Int] {
        var info = stat()
        guard stat(path, &info) == 0 else { return [] }
        return [info.st_mtim.tv_sec, info.st_mtim.tv_nsec]
    }

    /// The load check, for code that nobody vouches for and that is to run inside the host; what runs in a worker of its
    /// own is first met there.
    private func refusalOfChild(_ folder: PluginFolder) -> Refusal? {
        guard folder.origin == .local, fleet.decision(for: folder).mode == .inproc else { return nil }
        do throws(Refusal) {
            let library = try folder.libraryPath()
            let mark = "\(folder.path) \(Self.changeTime(of: library))"
            if checked.withLock({ $0.contains(mark) }) { return nil }
            try probe.check(folder: folder.path)
            checked.withLock { _ = $0.insert(mark) }
            return nil
        } catch {
            return error
        }
    }
}
