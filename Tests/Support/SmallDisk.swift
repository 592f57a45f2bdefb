import Foundation

/// A disk of its own at a folder, small enough to be filled.
///
/// Seen by the programs that are run inside it, and by nobody else; gone with the test that made it.
package final class SmallDisk: Sendable {
    package struct CannotMount: Error { let messages: String }

    /// Whether this machine lets its users mount in a namespace of their own.
    package static let isAvailable: Bool = {
        guard let folder = try? ScratchFolder() else { return false }
        return (try? SmallDisk(at: folder.path, kilobytes: 64)) != nil
    }()

    private let path: String
    private let holder: ChildProgram
    private static var environment: [String: String] {
        ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
    }

    /// Puts it over the folder at `path`, which is empty.
    package init(at path: String, kilobytes: Int) throws {
        self.path = path
        let script = "mount -t tmpfs -o size=$1k tmpfs \"$0\" && echo mounted && exec sleep 600"
        holder = try ChildProgram(
            ["unshare", "--map-root-user", "--mount", "sh", "-c", script, path, "\(kilobytes)"],
            environment: Self.environment
        )
        guard holder.output.wait(until: { $0.hasSuffix("\n") }) == "mounted\n" else {
            throw CannotMount(messages: holder.errors.wait(seconds: 2))
        }
    }

    /// The command that sees the disk.
    package func inside(_ command: [String]) -> [String] {
        ["nsenter", "--target", "\(holder.id)", "--user", "--mount", "--preserve-credentials"] + command
    }

    /// Fills it up with one file but for so much.
    package func fill(leaving kilobytes: Int) throws {
        let script = """
            cat /dev/zero 2>/dev/null >"$0/filler"
            truncate -s -$1K "$0/filler"
            """
        try run(["sh", "-c", script, path, "\(kilobytes)"])
    }

    /// Removes the file that filled it.
    package func makeRoom() throws { try run(["rm", path + "/filler"]) }

    /// The files and folders on it, sorted.
    package func names() throws -> [String] {
        try run(["find", path, "-mindepth", "1", "-printf", "%P\\n"]).split(separator: "\n").map(String.init).sorted()
    }

    @discardableResult
    private func run(_ command: [String]) throws -> String {
        let program = try ChildProgram(inside(command), environment: Self.environment)
        guard program.waitForExit() == 0 else { throw CannotMount(messages: program.errors.wait()) }
        return program.output.wait()
    }
}
