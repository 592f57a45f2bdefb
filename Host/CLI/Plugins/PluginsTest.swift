import ArgumentParser
import Core
import Foundation
import PluginRuntime
import PraximousJSON

struct PluginsTest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract:
            "Check that a plugin loads: skill.yaml, ELF file, exported symbol, ABI, identity, create and destroy.",
        discussion: """
            The library is loaded in a child process; exit code 5 means that a host would refuse it.

            EXAMPLE:
              prax-host plugins test ./my-skill
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The folder with skill.yaml, or the library in it.")
    var path: String

    func run() throws {
        let folder = try PluginReference.folder(path)
        try PluginProbe(executable: HostLayout.executable).check(folder: folder)
        let plugin = try PluginFolder(path: folder, origin: .local)
        let name = "\(plugin.manifest.name) \(plugin.manifest.version)"
        if options.json {
            print(
                (["ok": true, "plugin": .string(name), "warnings": .array(plugin.warnings.map(JSON.string))] as JSON)
                    .text
            )
        } else {
            plugin.warnings.forEach(Terminal.say)
            print("\(name): ok")
        }
    }
}

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
