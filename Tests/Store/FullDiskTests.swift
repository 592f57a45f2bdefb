import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite(
    "An install on a disk that is full",
    .enabled(if: SmallDisk.isAvailable, "needs a mount namespace")
) struct FullDiskTests {
    /// Too little for the audit log, for the package, and for what is in it.
    @Test(
        "says so and leaves the store as it was",
        arguments: [
            (0, 1, "The audit log cannot be written, so nothing was changed"),
            (80, 6, "The download cannot be stored: No space left on device."),
            (240, 1, "A file cannot be written: No space left on device."),
        ]
    )
    func install(leaving kilobytes: Int, exitCode: Int32, words: String) async throws {
        let scratch = try ScratchFolder()
        let disk = try SmallDisk(at: scratch.path, kilobytes: 1024)
        let store = { (arguments: [String]) async throws -> Command in
            try await Command.run(
                disk.inside([SourceTree.hostExecutable] + arguments + ["--root", scratch.path]),
                environment: ["PRAX_STORE_INDEX": OfficialStore.index, "SWIFT_BACKTRACE": "enable=no"]
            )
        }
        let first = try await store(["plugins", "install", "--yes", "uuid_tools"])
        #expect(first.exitCode == 0, "\(first.errors)")
        try disk.fill(leaving: kilobytes)
        let before = try disk.names()

        let second = try await store(["plugins", "install", "--yes", "text_diff"])
        #expect(second.exitCode == exitCode)
        #expect(second.errors.contains(words), "\(second.errors)")
        #expect(second.errors.contains("Check the free space and the permissions"), "\(second.errors)")
        // A package that arrived whole need not be fetched again; SQLite keeps files of its own beside the log.
        let own = { (name: String) in name.hasSuffix(".package") || name.hasPrefix("data/audit.db-") }
        #expect(try disk.names().filter { !before.contains($0) && !own($0) } == [])
        #expect(try await Self.installed(store) == ["praximous/uuid-tools"])
        #expect(try await store(["plugins", "verify", "--all"]).exitCode == 0)

        try disk.makeRoom()
        #expect(try await store(["plugins", "install", "--yes", "text_diff"]).exitCode == 0)
        #expect(try await Self.installed(store) == ["praximous/text-diff", "praximous/uuid-tools"])
    }

    private static func installed(_ store: ([String]) async throws -> Command) async throws -> [String] {
        let list = try await store(["plugins", "list", "--json"])
        let plugins = try JSON.parse(list.output)["plugins"]?.arrayValue ?? []
        return plugins.filter { $0["origin"] == "installed" }.compactMap { $0["name"]?.stringValue }.sorted()
    }
}
