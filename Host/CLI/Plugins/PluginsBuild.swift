import ArgumentParser
import Core
import Foundation
import PraximousJSON
import Registry

struct PluginsBuild: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build a plugin's library from the sources in src/, with the SDK of this host.",
        discussion: """
            The library goes where skill.yaml's `entry` says. CC, CXX, RUSTC and SWIFTC name other compilers; CFLAGS,
            CXXFLAGS, RUSTFLAGS, SWIFTFLAGS and LDFLAGS add to what they are told.

            EXAMPLE:
              prax-host plugins build
              prax-host plugins build ./my-skill --platform linux-aarch64 -v
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The project's folder.")
    var folder = "."

    @Option(help: "The platform (default: this machine's).")
    var platform = HostPlatform.current.name

    @Flag(help: "Keep what debuggers need in the library.")
    var debug = false

    @Flag(name: .shortAndLong, help: "Show the commands.")
    var verbose = false

    func run() throws {
        let project = try PluginProject(folder)
        let build = ProjectBuild(project: project, platform: platform, keepsDebugInfo: debug) { command in
            if verbose { Terminal.say(command.map(\.quotedForShell).joined(separator: " ")) }
        }
        let library = try build.run()
        let size = try FileManager.default.attributesOfItem(atPath: library)[.size] as? Int ?? 0
        if options.json {
            print((["path": .string(library), "platform": .string(platform), "size": .integer(size)] as JSON).text)
        } else {
            print("\(library)  \(size) bytes")
        }
    }
}

extension String {
    /// The word as a shell reads it.
    var quotedForShell: String {
        let isPlain =
            !isEmpty
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-_./=,+:@".utf8.contains(byte)
                }
            }
        return isPlain ? self : "'" + replacingOccurrences(of: "'", with: "'\\''") + "'"
    }
}
