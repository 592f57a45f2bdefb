import Foundation
import TestSupport
import Testing

@Suite("The store's files") struct ReproducibilityTests {
    @Test("are the same bytes when the same tree is packed again with the same key")
    func packing() async throws {
        let scratch = try ScratchFolder()
        let key = scratch.path + "/store.key"
        let keygen = try await Command.run([SourceTree.hostExecutable, "registry", "keygen", "--out", key])
        #expect(keygen.exitCode == 0, "\(keygen.errors)")
        var results: [[String: Data]] = []
        // Other places, another order of making the files, other times: none of it may show.
        for (name, skills) in [("first", OfficialStore.skills), ("second/deeper", OfficialStore.skills.reversed())] {
            let folder = scratch.path + "/" + name
            try await Self.writeSources(of: skills, below: folder + "/sources")
            let build = try await Command.run(
                [
                    SourceTree.hostExecutable, "registry", "build", "--sources", folder + "/sources",
                    "--out", folder + "/store/registry", "--key", key, "--generated", "2026-01-02T03:04:05Z",
                ],
                environment: ["TZ": name == "first" ? "UTC" : "Pacific/Auckland"]
            )
            #expect(build.exitCode == 0, "\(build.errors)")
            results.append(try Self.contents(of: folder + "/store"))
        }
        #expect(results[0].keys.sorted() == results[1].keys.sorted())
        #expect(results[0].count == OfficialStore.skills.count + 2)
        for (name, bytes) in results[0] { #expect(results[1][name] == bytes, "\(name)") }
    }

    @Test("hold the tree's manifest, text and licence", arguments: OfficialStore.skills)
    func tree(_ skill: String) async throws {
        let scratch = try ScratchFolder()
        try await Self.writeSources(of: [skill], below: scratch.path)
        for (name, source) in [
            ("skill.yaml", "registry/skills/\(skill)/skill.yaml"), ("README.md", "registry/skills/\(skill)/README.md"),
            ("LICENSE", "LICENSE"),
        ] {
            let packed = try Data(contentsOf: URL(filePath: "\(scratch.path)/\(skill)/\(name)"))
            #expect(try packed == Data(contentsOf: URL(filePath: SourceTree.path(source))), "\(name)")
        }
    }

    @Test("are compiled to the same bytes in any folder", .enabled(if: SourceTree.isLongRun))
    func compiling() async throws {
        let scratch = try ScratchFolder()
        defer { withExtendedLifetime(scratch) {} }
        let folders = [scratch.path + "/first", scratch.path + "/second/deeper"]
        for folder in folders {
            let make = try await Command.run(
                ["make", "-j2", "-C", SourceTree.path("registry"), "OUT=" + folder, "skills"],
                seconds: 600
            )
            #expect(make.exitCode == 0, "\(make.errors)")
        }
        for skill in OfficialStore.skills {
            let libraries = try folders.map { folder in
                try Data(contentsOf: URL(filePath: "\(folder)/\(skill)/lib/linux-x86_64/skill.so"))
            }
            #expect(libraries[0] == libraries[1], "\(skill)")
        }
    }

    /// Package folders as the Makefile leaves them, with the libraries that ship.
    private static func writeSources(of skills: [String], below folder: String) async throws {
        for skill in skills {
            let own = folder + "/" + skill
            try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
            let tar = try await Command.run(
                ["tar", "-xzf", OfficialStore.packageFile(skill), "-C", own, "--exclude=META", "--touch"]
            )
            #expect(tar.exitCode == 0, "\(tar.errors)")
        }
    }

    private static func contents(of folder: String) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            var isFolder: ObjCBool = false
            let path = folder + "/" + name
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            contents[name] = try Data(contentsOf: URL(filePath: path))
        }
        return contents
    }
}
