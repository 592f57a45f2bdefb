package import Core
import Glibc
package import Workers

/// What the last host wrote while it was dying: the plugins whose code took it down.
package struct BlameReport: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package let plugin: PluginName
        package let kind: FaultKind

        /// The end of a sentence about the plugin.
        package var reason: String {
            switch kind {
            case .exited(let code): "it ended the host with exit code \(code)"
            default: "it took the host down: signal \(kind.number ?? 0)"
            }
        }
    }

    package let entries: [Entry]

    /// Reads the report; ``empty(_:)`` is for when its entries have been dealt with.
    package static func read(_ root: InstallationRoot) throws(StateError) -> BlameReport {
        let text = String(decoding: try StateFile.bytes(of: root.blameFile) ?? [], as: UTF8.self)
        return BlameReport(entries: text.split(separator: "\n").compactMap(entry))
    }

    /// Empties the file; a running host keeps writing to it.
    package static func empty(_ root: InstallationRoot) throws(StateError) {
        guard truncate(root.blameFile, 0) == 0 || errno == ENOENT else {
            throw .cannotWrite(path: root.blameFile, reason: String(cString: strerror(errno)))
        }
    }

    /// `owner/name signal 11` or `owner/name exit 0`; nil for a line cut short by a full disk.
    private static func entry(_ line: Substring) -> Entry? {
        let words = line.split(separator: " ")
        guard words.count == 3, let plugin = try? PluginName.parse(String(words[0])), let number = Int32(words[2])
        else {
            return nil
        }
        switch words[1] {
        case "signal": return Entry(plugin: plugin, kind: .crashed(signal: number))
        case "exit": return Entry(plugin: plugin, kind: .exited(code: number))
        default: return nil
        }
    }
}
