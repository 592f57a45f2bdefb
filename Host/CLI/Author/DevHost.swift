import Core
import Foundation
import PluginRuntime
import Supervision

/// The host in which a plugin under development is served: one that runs already, or one of its own.
final class DevHost {
    private static let patience = Duration.seconds(20)

    let root: InstallationRoot
    /// nil when the host was there before.
    private let process: Process?
    /// The link in a running host's plugins/local, which goes with this object.
    private let link: String?
    private let ownRoot: String?

    /// Serves the plugin in `folder`; blocks until a host of its own is up.
    init(serving folder: PluginFolder, in running: InstallationRoot, port: Int?) throws {
        if port == nil, HostPresence.isServing(running) {
            (root, process, ownRoot) = (running, nil, nil)
            link = try Self.link(folder, in: running)
            return
        }
        guard let path = ScratchFolder(isWanted: true).path else {
            throw CommandFailure(.internalError, "No folder can be made in \(NSTemporaryDirectory()).")
        }
        root = InstallationRoot(path)
        (ownRoot, link) = (path, nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: HostLayout.executable)
        process.arguments = ["serve", "--root", path, "--port", String(port ?? 0), "--plugin", folder.path]
        process.standardInput = FileHandle.nullDevice
        try process.run()
        self.process = process
        let deadline = MonotonicClock.deadline(in: Self.patience)
        // Looks again and again: another process becomes ready, or ends, without a word to this one.
        while !HostPresence.isServing(root), process.isRunning, MonotonicClock.now() < deadline { usleep(20_000) }
        guard process.isRunning else {
            throw CommandFailure(
                .internalError,
                "The host for the plugin did not start.",
                hint: "See what it says above."
            )
        }
    }

    var isRunning: Bool { process?.isRunning ?? HostPresence.isServing(root) }

    private static func link(_ folder: PluginFolder, in root: InstallationRoot) throws -> String? {
        let local = root.pluginsFolder + "/local"
        let link = "\(local)/\(folder.manifest.name.folderName)"
        // It is one of the host's own plugins already.
        if folder.path.hasPrefix(local + "/") { return nil }
        if (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) == folder.path { return link }
        do {
            try FileManager.default.createDirectory(atPath: local, withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.path)
        } catch {
            throw CommandFailure(
                .conflict,
                "\(folder.path) cannot be linked to \(link): \(error.localizedDescription)",
                hint: "Remove what is there, or let it have a host of its own with --port 0."
            )
        }
        return link
    }

    /// Has the host start the plugin anew; nil when there is no answer.
    func restart(_ plugin: PluginName) throws -> RestartRequests.Result? {
        let requests = RestartRequests(root)
        let request = try requests.ask(plugin)
        let deadline = MonotonicClock.deadline(in: Self.patience)
        while MonotonicClock.now() < deadline, isRunning {
            if let result = try requests.answer(to: request) { return result }
            // The host, another process, answers with a file, and may end without an answer.
            usleep(20_000)
        }
        try requests.withdraw(request)
        return nil
    }

    /// Ends what it has started, and removes what it has made.
    func stop() {
        if let process, process.isRunning {
            process.terminate()
            process.waitUntilExit()
        }
        if let link { try? FileManager.default.removeItem(atPath: link) }
        if let ownRoot { try? FileManager.default.removeItem(atPath: ownRoot) }
    }
}
