import Core
import Foundation
import Glibc
package import Logging
import PraximousJSON
import Synchronization

/// The first contact with a library that nobody vouches for, in a child process of its own: a crash, an endless
/// constructor or a word on standard output is a refusal and not the end of the gateway.
package struct PluginProbe: Sendable {
    /// How long loading and creating may take in all.
    package var timeoutSeconds: Double = 10
    /// The executable that understands `probe-plugin DIR`, that is this host.
    private let executable: String

    package init(executable: String) { self.executable = executable }

    /// Loads the plugin in a child and throws why it would be refused.
    ///
    /// Blocks; not for the cooperative pool.
    package func check(folder: String) throws(Refusal) {
        let folder = try PluginFolder(path: folder, origin: .local)
        let file = try LibraryFile(path: folder.libraryPath())
        try file.check()
        let child: ChildProcess
        do {
            child = try ChildProcess(executable: executable, arguments: ["probe-plugin", folder.path])
        } catch {
            throw Refusal(.crashed, "the child process for the check did not start: \(error)", fix: "Try again.")
        }
        let ending = child.finish(within: timeoutSeconds)
        try judge(ending, folder)
    }

    private func judge(_ ending: ChildProcess.Ending, _ folder: PluginFolder) throws(Refusal) {
        let lines = ending.report.split(separator: "\n").map(String.init)
        let stage = lines.last { $0.hasPrefix("stage ") }?.dropFirst(6) ?? "started"
        let answer = lines.last.flatMap { try? JSON.parse($0) }
        if case .timedOut = ending.status {
            throw Refusal(
                .timedOut,
                "\(folder.path) did not finish within \(timeoutSeconds) s while it was being \(stage)",
                fix: "Do no work in constructors, and keep create() under a second."
            )
        }
        if case .signalled(let number) = ending.status {
            throw Refusal(
                .crashed,
                "\(folder.path) crashed with signal \(number) while it was being \(stage)",
                fix: "Run it under a debugger: prax-host probe-plugin \(folder.path)"
            )
        }
        if !ending.output.isEmpty {
            throw Refusal(
                .printed,
                "\(folder.path) wrote to standard output while it was being loaded: \(ending.outputSample)",
                fix: "Do no work in constructors; say things through prax.host.log/1."
            )
        }
        if let answer, let reason = answer["reason"]?.stringValue.flatMap(Refusal.Reason.init(rawValue:)),
            let message = answer["message"]?.stringValue, let fix = answer["fix"]?.stringValue
        {
            throw Refusal(reason, message, fix: fix)
        }
        guard answer?["ok"] == true else {
            throw Refusal(
                .crashed,
                "\(folder.path) ended the process while it was being \(stage)",
                fix: "A plugin must not call exit() or abort()."
            )
        }
    }

    /// The child's part: loads, reports on descriptor 3 and ends.
    ///
    /// Returns the exit code.
    package static func runChild(folder: String, logger: Logger) -> Int32 {
        do throws(Refusal) {
            let folder = try PluginFolder(path: folder, origin: .local)
            let instance = try PluginLoader(logger: logger).load(folder, settings: PluginSettings()) { stage in
                report("stage \(stage)")
            }
            report("stage destroyed")
            instance.destroyNow()
            report((["ok": true] as JSON).text)
            return 0
        } catch {
            let answer: JSON = [
                "reason": .string(error.reason.rawValue), "message": .string(error.message), "fix": .string(error.fix),
            ]
            report(answer.text)
            return ExitCode.incompatible.rawValue
        }
    }

    private static func report(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(3, bytes, bytes.count)
    }
}
