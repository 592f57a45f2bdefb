import Core
import Foundation

/// What a path on the command line means.
enum PluginReference {
    /// The folder that holds skill.yaml, from the folder itself or from a library in or below it.
    static func folder(_ path: String) throws -> String {
        var isFolder: ObjCBool = false
        let absolute = URL(fileURLWithPath: path).standardizedFileURL
        guard FileManager.default.fileExists(atPath: absolute.path, isDirectory: &isFolder) else {
            throw CommandFailure(.notFound, "There is no \(path).", hint: "Name a plugin's folder or its library.")
        }
        if isFolder.boolValue { return absolute.path }
        var folder = absolute.deletingLastPathComponent()
        for _ in 0..<3 {
            if FileManager.default.fileExists(atPath: folder.path + "/skill.yaml") { return folder.path }
            folder = folder.deletingLastPathComponent()
        }
        throw CommandFailure(
            .notFound,
            "There is no skill.yaml beside or above \(path).",
            hint: "Put the library where skill.yaml's `entry` says."
        )
    }
}
