import ArgumentParser
import Core
import Foundation
import PluginRuntime
import Sandbox
import Supervision

/// The child process of the checks that look at a plugin from inside its process.
///
/// Hidden, and never parsed: like a worker's, its sandbox binds only what is started after it, so `PraxHost.main` takes
/// the word up before anything else. It reports to its parent on descriptor 3.
struct ObservePlugin: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "observe-plugin",
        abstract: "Load one plugin in this process, look at what it does to it, and report.",
        shouldDisplay: false
    )

    @Argument var folder: String

    /// Runs to the end of the process.
    static func run(folder: String) -> Never {
        Foundation.exit(PluginObserver.runChild(folder: folder, confine: confine))
    }

    private static func confine(_ folder: PluginFolder) {
        let limits = ResourceLimits(wish: folder.manifest.isolation)
        let profile = SandboxProfile(
            mode: .sandbox,
            expectedParent: getppid(),
            memoryBytes: limits.memoryMB << 20,
            openFiles: limits.openFiles,
            readablePaths: [folder.path]
        )
        // Denials are told by a worker, which has somebody who listens.
        let kernel = KernelFeatures(landlockABI: KernelFeatures.own.landlockABI, hasListener: false)
        _ = Sandbox.apply(profile, on: kernel)
    }
}
