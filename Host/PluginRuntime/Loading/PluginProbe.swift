import CLinux
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

    /// Loads the plugin in a child and throws why it would be refused; else what it changed of the process, in words.
    ///
    /// Blocks; not for the cooperative pool.
    @discardableResult
    package func check(folder: String) throws(Refusal) -> [String] {
        let folder = try PluginFolder(path: folder, origin: .local)
        let file = try LibraryFile(path: folder.libraryPath())
        try file.check()
        // What the library itself writes to the report does not begin with this.
        let password = (0..<2).map { _ in String(UInt64.random(in: 1 << 60 ... .max), radix: 16) }.joined()
        let child: ChildProcess
        do {
            child = try ChildProcess(executable: executable, arguments: ["probe-plugin", folder.path], input: password)
        } catch {
            throw Refusal(.crashed, "the child process for the check did not start: \(error)", fix: "Try again.")
        }
        let ending = child.finish(within: timeoutSeconds)
        return try judge(ending, folder, password)
    }

    private func judge(
        _ ending: ChildProcess.Ending,
        _ folder: PluginFolder,
        _ password: String
    ) throws(Refusal) -> [String] {
        let lines = ending.report.split(separator: "\n").filter { $0.hasPrefix(password) }
            .map { String($0.dropFirst(password.count)) }
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
        guard case .exited(0) = ending.status, answer?["ok"] == true else {
            throw Refusal(
                .crashed,
                "\(folder.path) ended the process while it was being \(stage)",
                fix: "A plugin must not call exit() or abort()."
            )
        }
        return answer?["changed"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    /// The child's part: loads, reports on descriptor 3 and ends.
    ///
    /// Returns the exit code.
    package static func runChild(folder: String, logger: Logger) -> Int32 {
        prax_end_with_parent()
        let password = readPassword()
        do throws(Refusal) {
            let folder = try PluginFolder(path: folder, origin: .local)
            let before = ProcessState.current()
            let instance = try PluginLoader(logger: logger).load(folder, settings: PluginSettings()) { stage in
                report(password + "stage \(stage)")
            }
            report(password + "stage destroyed")
            instance.destroyNow()
            let changed = ProcessState.current().changes(since: before)
            report(password + (["ok": true, "changed": .array(changed.map(JSON.string))] as JSON).text)
            return 0
        } catch {
            let answer: JSON = [
                "reason": .string(error.reason.rawValue), "message": .string(error.message), "fix": .string(error.fix),
            ]
            report(password + answer.text)
            return ExitCode.incompatible.rawValue
        }
    }

    /// What the parent left on standard input, before any of the library's code runs.
    private static func readPassword() -> String {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(0, &bytes, bytes.count)
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }

    private static func report(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(3, bytes, bytes.count)
    }
}
