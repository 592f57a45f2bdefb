import Foundation
import Synchronization
import TestSupport

/// The C compiler, as plugins of the tests are built with it.
enum Compiler {
    struct DoesNotCompile: Error { let messages: String }

    static let flags = [
        "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-fPIC", "-pthread", "-fvisibility=hidden",
        "-I" + SourceTree.path("PluginAPI/include"), "-I" + PluginFixture.includes,
    ]
    static let exportMap = ["-Wl,--version-script=" + SourceTree.path("PluginAPI/exports.map")]

    static func run(_ arguments: [String]) throws {
        let program = try ChildProgram(
            arguments,
            environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"]
        )
        guard program.waitForExit(seconds: 60) == 0 else { throw DoesNotCompile(messages: program.errors.wait()) }
    }
}

/// Folders that are used until the test process ends.
enum Leftovers {
    private static let folders = Mutex<[ScratchFolder]>([])

    static func hold(_ folder: ScratchFolder) {
        let isFirst = folders.withLock { folders in
            folders.append(folder)
            return folders.count == 1
        }
        guard isFirst else { return }
        atexit {
            // By name: others may hold the folders as well.
            for folder in Leftovers.folders.withLock({ $0 }) {
                try? FileManager.default.removeItem(atPath: folder.path)
            }
        }
    }
}
