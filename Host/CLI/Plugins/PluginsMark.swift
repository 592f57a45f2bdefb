import ArgumentParser
import Core
import PluginRuntime
import PraximousJSON
import Registry
import Supervision

struct PluginsPin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin",
        abstract: "Leave packages at their versions: `upgrade` passes them over."
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Installed packages.")
    var packages: [String]

    func run() async throws {
        try await MarkChange(options: options, operation: "plugins.pin", packages: packages).run { marks in
            marks.isPinned = true
        } sentence: {
            "\($0) is pinned."
        }
    }
}

struct PluginsUnpin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpin",
        abstract: "Let `upgrade` bring newer versions of packages again."
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Installed packages.")
    var packages: [String]

    func run() async throws {
        try await MarkChange(options: options, operation: "plugins.unpin", packages: packages).run { marks in
            marks.isPinned = false
        } sentence: {
            "\($0) is no longer pinned."
        }
    }
}

struct PluginsEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Serve plugins again that were disabled; a running host does so within a second."
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Plugins of this installation.")
    var plugins: [String]

    func run() async throws {
        let change = MarkChange(options: options, operation: "plugins.enable", packages: plugins, isOfAnyPlugin: true)
        try await change.run { marks in
            marks.isEnabled = true
        } sentence: {
            "\($0) is enabled."
        }
        let configuration = try HostConfiguration.read(options.installation)
        for name in change.changed where configuration.plugins["\(name)"]?.isEnabled == false && !options.quiet {
            Terminal.say("praximous.yaml still says `plugins: \(name): enabled: false`, which holds it back.")
        }
        let layout = StoreLayout(options.installation)
        let marks = try MarkBook(layout: layout).all()
        for receipt in try InstalledPackages(layout: layout).receipts() where change.changed.contains(receipt.name) {
            guard let reason = marks[receipt.name]?.revocation(of: receipt) else { continue }
            Terminal.say("\(receipt.name) \(receipt.version) is still not served: \(reason).")
        }
    }
}

struct PluginsDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Keep plugins installed and do not serve them; a running host finishes their calls first."
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Plugins of this installation, also those that ship with the host.")
    var plugins: [String]

    func run() async throws {
        let change = MarkChange(options: options, operation: "plugins.disable", packages: plugins, isOfAnyPlugin: true)
        try await change.run { marks in
            marks.isEnabled = false
        } sentence: {
            "\($0) is disabled."
        }
    }
}

/// Changes a mark of each plugin that was named.
final class MarkChange {
    private let options: GlobalOptions
    private let operation: String
    private let packages: [String]
    /// Not only of installed packages.
    private let isOfAnyPlugin: Bool
    private(set) var changed: [PluginName] = []

    init(options: GlobalOptions, operation: String, packages: [String], isOfAnyPlugin: Bool = false) {
        (self.options, self.operation, self.packages) = (options, operation, packages)
        self.isOfAnyPlugin = isOfAnyPlugin
    }

    func run(_ change: (inout PluginMarks) -> Void, sentence: (PluginName) -> String) async throws {
        let layout = StoreLayout(options.installation)
        try await ChangeJournal.run(operation, packages, options) { journal in
            let plugins = try packages.map(find)
            for plugin in plugins {
                let isNew = try MarkBook(layout: layout).changeLocked(plugin.name, change)
                if isNew { try journal.changed(plugin.name, plugin.version) }
                changed.append(plugin.name)
                if !options.json { print(sentence(plugin.name)) }
            }
        }
        if options.json { print((["plugins": .array(changed.map { .string("\($0)") })] as JSON).text) }
    }

    private func find(_ text: String) throws -> (name: PluginName, version: SemanticVersion) {
        guard isOfAnyPlugin else {
            let receipt = try InstalledPackages(layout: StoreLayout(options.installation))
                .receipt(for: PackageReference(text))
            return (receipt.name, receipt.version)
        }
        let known = try KnownPlugin.find(text, in: options.installation)
        return (known.name, known.folder?.manifest.version ?? SemanticVersion(0, 0, 0))
    }
}
