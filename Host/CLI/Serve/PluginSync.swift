import Core
import Foundation
import Glibc
import Logging
import PluginRuntime
import Synchronization

/// Keeps the skills in line with the plugin folders while the host runs: what another process installs or removes
/// is served, or no longer served, within a second and without a restart.
final class PluginSync: Sendable {
    private struct Stamp: Equatable {
        var changes: [Int]
    }

    private let folders: PluginFolders
    private let skills: SkillTable
    private let logger: Logger
    private let probe = PluginProbe(executable: HostLayout.executable)
    /// One update at a time.
    private let updating = Mutex(())
    /// What the folders looked like when the last update began.
    private let lastSeen = Mutex(Stamp(changes: []))
    /// Local plugins that have passed the check in a child process, by folder and library time.
    private let checked = Mutex<Set<String>>([])

    init(folders: PluginFolders, skills: SkillTable, logger: Logger) {
        self.folders = folders
        self.skills = skills
        self.logger = logger
    }

    /// Looks at the folders and loads what is new.
    ///
    /// Blocks while plugins load: not for the cooperative pool.
    func update() {
        updating.withLock { _ in
            let stamp = currentStamp()
            defer { lastSeen.withLock { $0 = stamp } }
            var (found, refused) = folders.scan()
            found = found.filter { folder in
                guard folder.origin == .local, let refusal = refusalOfChild(folder) else { return true }
                refused.append((folder.path, refusal))
                return false
            }
            let changes = skills.update(to: found)
            for name in changes.loaded { logger.info("skill loaded", metadata: ["plugin": "\(name)"]) }
            for name in changes.removed { logger.info("skill removed", metadata: ["plugin": "\(name)"]) }
            for (path, refusal) in refused + changes.refused {
                logger.error("plugin refused", metadata: ["path": "\(path)", "reason": "\(refusal)"])
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
        FolderWatch.start([folders.receiptsFolder, folders.localFolder]) { [self] in update() }
        // Where inotify is not to be had, such as on a network file system, this finds the change.
        while true {
            try await Task.sleep(for: .seconds(1))
            _ = await refreshIfChanged()
        }
    }

    private func hasChanged() -> Bool {
        let current = currentStamp()
        return lastSeen.withLock { $0 != current }
    }

    private func currentStamp() -> Stamp {
        Stamp(changes: [folders.receiptsFolder, folders.localFolder].flatMap(Self.changeTime))
    }

    private static func changeTime(of path: String) -> [Int] {
        var info = stat()
        guard stat(path, &info) == 0 else { return [] }
        return [info.st_mtim.tv_sec, info.st_mtim.tv_nsec]
    }

    private func refusalOfChild(_ folder: PluginFolder) -> Refusal? {
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
