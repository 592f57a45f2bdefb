import ArgumentParser
import Core
import PluginRuntime
import PraximousJSON
import Supervision

struct PluginsRestart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart",
        abstract: "Start a plugin anew in the running host; lets it out of the quarantine first.",
        discussion: """
            The host starts a new instance, of a newer version if there is one, and switches to it; calls under way
            end on the old one. Without a running host the plugin is loaded at the next start.

            EXAMPLE:
              prax-host plugins restart acme/weather
            """
    )

    /// How long the host may take: a start of a plugin may take 10 s.
    private static let patience = Duration.seconds(20)

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The plugin, by its full or its short name.")
    var plugin: String

    func run() async throws {
        let root = options.installation
        let name = try named(root)
        let wasQuarantined = try Quarantine(root).clear(name)
        guard HostPresence.isServing(root) else {
            return show(name, wasQuarantined: wasQuarantined, nil)
        }
        let requests = RestartRequests(root)
        let request = try requests.ask(name)
        guard let result = try await answer(to: request, requests, root) else {
            try requests.withdraw(request)
            throw CommandFailure(
                .internalError,
                HostPresence.isServing(root)
                    ? "The host did not restart \(name) within \(Self.patience.components.seconds) s."
                    : "The host ended before it had restarted \(name).",
                hint: "See the host's log, then: prax-host doctor",
                code: "restart_timeout"
            )
        }
        guard result.isOK else {
            throw CommandFailure(
                .internalError,
                "\(name) was not restarted: \(result.message.onOneLine)",
                hint: "See the host's log, then: prax-host doctor",
                code: "restart_failed"
            )
        }
        show(name, wasQuarantined: wasQuarantined, result)
    }

    /// A host may serve plugins from elsewhere (`serve --plugin`), which only it knows: a full name is asked for as it is.
    private func named(_ root: InstallationRoot) throws -> PluginName {
        do {
            return try KnownPlugin.find(plugin, in: root).name
        } catch {
            guard let name = try? PluginName.parse(plugin), HostPresence.isServing(root) else { throw error }
            return name
        }
    }

    private func answer(
        to request: RestartRequests.Request,
        _ requests: RestartRequests,
        _ root: InstallationRoot
    ) async throws -> RestartRequests.Result? {
        let deadline = ContinuousClock.now + Self.patience
        while ContinuousClock.now < deadline {
            if let result = try requests.answer(to: request) { return result }
            guard HostPresence.isServing(root) else { return try requests.answer(to: request) }
            // Looks again and again: the host, another process, answers with a file, and may end without an answer.
            try await Task.sleep(for: .milliseconds(50))
        }
        return nil
    }

    private func show(_ name: PluginName, wasQuarantined: Bool, _ result: RestartRequests.Result?) {
        if options.json {
            func text(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
            let json: JSON = [
                "plugin": .string("\(name)"), "ok": true, "was_quarantined": .bool(wasQuarantined),
                "host_running": .bool(result != nil),
                "old_version": text(result?.oldVersion), "new_version": text(result?.newVersion),
                "old_hash": text(result?.oldHash), "new_hash": text(result?.newHash),
                "message": text(result?.message),
            ]
            return print(json.text)
        }
        if wasQuarantined { print("\(name) is no longer quarantined.") }
        guard let result else { return print("No host is running: \(name) is loaded at its next start.") }
        let versions = [result.oldVersion, result.newVersion].compactMap(\.self)
        let isChanged = versions.count == 2 && versions[0] != versions[1]
        let change = isChanged ? versions.joined(separator: " -> ") : versions.last
        let hashes = [result.oldHash, result.newHash].compactMap(\.self).map { $0.prefix(12) }
        let isOther = hashes.count == 2 && hashes[0] != hashes[1]
        let details = isOther ? " (library \(hashes.joined(separator: " -> ")))" : ""
        print("\(name)\(change.map { " " + $0 } ?? "") restarted\(details).")
    }
}
