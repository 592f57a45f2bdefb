package import Core
import Foundation
package import PraximousJSON

/// The plugins that are held back because they failed too often or took the host down.
///
/// One file each, so that it outlives restarts and can be read without the host. An entry holds back the version it
/// names and no other: an upgrade, or a rollback, is a new chance.
package struct Quarantine: Sendable {
    /// Why one plugin is held back.
    package struct Entry: Sendable, Hashable {
        package let plugin: PluginName
        package let version: SemanticVersion
        /// The end of a sentence about the plugin.
        package let reason: String
        /// The word of a ``FaultKind``, or one that says how it came out, such as `host_ended_while_loading`.
        package let kind: String
        /// When it was put here, in microseconds since 1970.
        package let since: Int64
        /// How many faults led to it.
        package let faults: Int

        package init(
            plugin: PluginName,
            version: SemanticVersion,
            reason: String,
            kind: String,
            since: Int64,
            faults: Int
        ) {
            self.plugin = plugin
            self.version = version
            self.reason = reason
            self.kind = kind
            self.since = since
            self.faults = faults
        }
    }

    private let folder: String

    package init(_ root: InstallationRoot) { folder = root.quarantineFolder }

    /// All entries by name, and what stands in the way of reading others.
    package func list() -> (entries: [Entry], problems: [StateError]) {
        var (entries, problems): ([Entry], [StateError]) = ([], [])
        do throws(StateError) {
            for name in try StateFile.names(in: folder) where name.hasSuffix(".json") {
                do throws(StateError) {
                    if let entry = try Self.read("\(folder)/\(name)") { entries.append(entry) }
                } catch {
                    problems.append(error)
                }
            }
        } catch {
            problems.append(error)
        }
        return (entries.sorted { $0.plugin < $1.plugin }, problems)
    }

    /// The entry of a plugin, whatever version it names; nil when there is none.
    package func entry(_ plugin: PluginName) throws(StateError) -> Entry? { try Self.read(path(plugin)) }

    /// The entry that holds back this version.
    package func entry(_ plugin: PluginName, _ version: SemanticVersion) throws(StateError) -> Entry? {
        guard let entry = try entry(plugin), entry.version == version else { return nil }
        return entry
    }

    /// Holds a plugin back from now on; replaces an older entry.
    package func add(_ entry: Entry) throws(StateError) {
        try StateFile.makeFolder(folder)
        try StateFile.write(entry.json, to: path(entry.plugin))
    }

    /// Lets a plugin go, damaged entry or not; false when it was not held back.
    @discardableResult
    package func clear(_ plugin: PluginName) throws(StateError) -> Bool { try StateFile.remove(path(plugin)) }

    /// Lets all plugins go, those with damaged entries as well; their names.
    package func clearAll() throws(StateError) -> [String] {
        let files = try StateFile.names(in: folder).filter { $0.hasSuffix(".json") }
        for file in files { try StateFile.remove("\(folder)/\(file)") }
        return files.map { String($0.dropLast(".json".count)).replacing("__", with: "/") }
    }

    private func path(_ plugin: PluginName) -> String { "\(folder)/\(plugin.folderName).json" }

    private static func read(_ path: String) throws(StateError) -> Entry? {
        guard let object = try StateFile.read(path) else { return nil }
        guard let plugin = object["plugin"]?.stringValue.flatMap({ try? PluginName.parse($0) }) else {
            throw .malformed(path: path, reason: "`plugin` is no plugin name")
        }
        // Whoever looks a plugin up goes by the file's name.
        guard path.hasSuffix("/\(plugin.folderName).json") else {
            throw .malformed(path: path, reason: "it names \(plugin), whose file would be \(plugin.folderName).json")
        }
        guard let version = object["version"]?.stringValue.flatMap({ try? SemanticVersion.parse($0) }) else {
            throw .malformed(path: path, reason: "`version` is no version")
        }
        guard let since = object["since"]?.stringValue.flatMap(Moment.parse) else {
            throw .malformed(path: path, reason: "`since` is no moment such as 2026-11-24T12:00:00Z")
        }
        return Entry(
            plugin: plugin,
            version: version,
            reason: object["reason"]?.stringValue ?? "no reason was noted",
            kind: object["kind"]?.stringValue ?? "unknown",
            since: since,
            faults: object["faults"]?.intValue ?? 1
        )
    }
}

extension Quarantine.Entry {
    package var json: JSON {
        [
            "plugin": .string("\(plugin)"), "version": .string("\(version)"), "reason": .string(reason),
            "kind": .string(kind), "since": .string(Moment.text(since)), "faults": .integer(faults),
        ]
    }
}

/// Moments as the files write them: ISO 8601 in UTC, to the second.
enum Moment {
    static func text(_ microseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(microseconds / 1_000_000)).formatted(.iso8601)
    }

    static func parse(_ text: String) -> Int64? {
        (try? Date.ISO8601FormatStyle().parse(text)).map { Int64($0.timeIntervalSince1970) * 1_000_000 }
    }
}
