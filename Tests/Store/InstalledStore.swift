import Foundation
import TestSupport

/// All packages of the official store, installed once for all cases by the real host, and the driver that calls them.
final class InstalledStore: Sendable {
    struct NotReady: Error { let why: String }

    static let shared = Task { try await InstalledStore() }

    private let scratch: ScratchFolder
    private let libraries: [String: String]
    private let driver: String

    private init() async throws {
        let scratch = try ScratchFolder()
        let names = OfficialStore.skills.map { "praximous/" + $0 }
        let install = try await Command.host(
            ["plugins", "install", "--yes"] + names,
            root: scratch.path + "/root",
            index: OfficialStore.index
        )
        guard install.exitCode == 0 else { throw NotReady(why: "install: " + install.errors) }
        let source = SourceTree.path("registry/skills/tests/driver.c")
        let headers = SourceTree.path("PluginAPI/include")
        let driver = scratch.path + "/driver"
        let compile = try await Command.run(
            ["gcc", "-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-I" + headers, "-o", driver, source, "-ldl"]
        )
        guard compile.exitCode == 0 else { throw NotReady(why: "gcc: " + compile.errors) }
        libraries = try Dictionary(
            uniqueKeysWithValues: OfficialStore.skills.map { skill in
                (skill, try Self.library(of: skill, root: scratch.path + "/root"))
            }
        )
        (self.scratch, self.driver) = (scratch, driver)
    }

    /// Runs one operation in a process of its own.
    func call(_ skill: String, _ operation: String, _ parameters: String) async throws -> Command {
        guard let library = libraries[skill] else { throw NotReady(why: "no skill \(skill)") }
        return try await Command.run([driver, library, operation, "-"], input: parameters, seconds: 30)
    }

    /// Where the host put a package's library.
    private static func library(of skill: String, root: String) throws -> String {
        let versions = root + "/plugins/store/praximous/" + skill
        let folders = try FileManager.default.contentsOfDirectory(atPath: versions)
        guard let folder = folders.first, folders.count == 1 else { throw NotReady(why: "\(skill): \(folders)") }
        return "\(versions)/\(folder)/lib/linux-x86_64/skill.so"
    }
}
