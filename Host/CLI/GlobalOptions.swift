import ArgumentParser
import Core
import Foundation

/// What every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The folder of the installation (default: $PRAX_ROOT, else ./praximous).", valueName: "dir")
    )
    var root: String?

    @Flag(help: "Print one JSON document.")
    var json = false

    @Flag(name: .shortAndLong, help: "Say only what was asked for.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @Flag(help: "Draw no progress; one line for each phase instead.")
    var noProgress = false

    @Flag(help: "Use no colours; so does a variable NO_COLOR.")
    var noColor = false

    /// The installation, by an absolute path.
    var installation: InstallationRoot {
        let named = root ?? ProcessInfo.processInfo.environment["PRAX_ROOT"].flatMap { $0.isEmpty ? nil : $0 }
        return InstallationRoot(URL(fileURLWithPath: named ?? "praximous").standardizedFileURL.path)
    }
}
