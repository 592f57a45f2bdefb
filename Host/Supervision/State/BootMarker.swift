package import Core
import PraximousJSON

/// A file that is there while a plugin is loaded into the host, and so remains when the host ends over it.
///
/// It tells when the host ended and not why: whoever stops or kills the host, or the power, in those milliseconds leaves
/// it as well. So it counts, and of what ships with the host only the second end in a row speaks against the plugin;
/// anything else that is let into the host has one attempt.
package struct BootMarker: Sendable {
    /// A plugin over whose loading a host ended.
    package struct Left: Sendable, Hashable {
        package let plugin: PluginName
        package let version: SemanticVersion
        /// How many hosts in a row ended over it.
        package let ends: Int

        /// Whether the plugin is held back for it from now on.
        package func isEnough(forBundled isBundled: Bool) -> Bool { ends >= (isBundled ? BootMarker.maxEnds : 1) }
    }

    /// So many ends in a row over a bundled plugin are no accident.
    package static let maxEnds = 2

    private let folder: String

    package init(_ root: InstallationRoot) { folder = root.loadingFolder }

    /// Puts the marker down, on the disk when this returns, runs the work, and takes the marker away.
    package func around<Value, Problem: Error>(
        _ plugin: PluginName,
        _ version: SemanticVersion,
        _ work: () throws(Problem) -> Value
    ) throws(Problem) -> Value {
        // A disk that is full is no reason to serve nothing: it is loaded without the marker.
        try? put(plugin, version)
        defer { remove(plugin) }
        return try work()
    }

    package func put(_ plugin: PluginName, _ version: SemanticVersion) throws(StateError) {
        try StateFile.makeFolder(folder)
        let path = "\(folder)/\(plugin.folderName)"
        let before = (try? Self.read(path)) ?? nil
        let ends = before?.version == version ? before?.ends ?? 0 : 0
        let json: JSON = [
            "plugin": .string("\(plugin)"), "version": .string("\(version)"), "ends": .integer(min(ends, 1000) + 1),
        ]
        try StateFile.create(path, json.encoded())
    }

    package func remove(_ plugin: PluginName) { _ = try? StateFile.remove("\(folder)/\(plugin.folderName)") }

    /// The markers of a host that is no more, and those that cannot be read.
    package func left() -> (plugins: [Left], problems: [StateError]) {
        var (plugins, problems): ([Left], [StateError]) = ([], [])
        do throws(StateError) {
            for name in try StateFile.names(in: folder) {
                do throws(StateError) {
                    if let left = try Self.read("\(folder)/\(name)") { plugins.append(left) }
                } catch {
                    problems.append(error)
                }
            }
        } catch {
            problems.append(error)
        }
        return (plugins, problems)
    }

    private static func read(_ path: String) throws(StateError) -> Left? {
        guard let object = try StateFile.read(path) else { return nil }
        guard let plugin = object["plugin"]?.stringValue.flatMap({ try? PluginName.parse($0) }),
            let version = object["version"]?.stringValue.flatMap({ try? SemanticVersion.parse($0) })
        else { throw .malformed(path: path, reason: "it does not name a plugin and its version") }
        return Left(plugin: plugin, version: version, ends: object["ends"]?.intValue ?? 1)
    }
}
