import ArgumentParser
import Foundation
import Logging
import PluginRuntime

/// The child process of the load check.
///
/// Hidden: it reports to its parent on descriptor 3.
struct ProbePlugin: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe-plugin",
        abstract: "Load one plugin in this process and report.",
        shouldDisplay: false
    )

    @Argument var folder: String

    func run() {
        let logger = Logger(label: "probe") { _ in SwiftLogNoOpLogHandler() }
        Foundation.exit(PluginProbe.runChild(folder: folder, logger: logger))
    }
}
