import Foundation
import Synchronization
import TestSupport

/// The program Fixtures/hostile_worker.c, in the place of the host's own worker.
enum HostileWorker {
    private static let built = Mutex<ScratchFolder?>(nil)

    struct DoesNotCompile: Error { let messages: String }

    /// Where it is; compiled once per run.
    static func executable() throws -> String {
        try built.withLock { built in
            let folder = try built ?? ScratchFolder()
            let path = folder.path + "/hostile_worker"
            if built != nil { return path }
            let program = try ChildProgram(
                [
                    "clang", "-D_GNU_SOURCE", "-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-o", path,
                    SourceTree.path("Tests/Workers/Fixtures/hostile_worker.c"),
                ],
                environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"]
            )
            guard program.waitForExit(seconds: 60) == 0 else { throw DoesNotCompile(messages: program.errors.wait()) }
            built = folder
            atexit { HostileWorker.built.withLock { $0 = nil } }
            return path
        }
    }
}
