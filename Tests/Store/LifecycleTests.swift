import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("The official store over http") struct LifecycleTests {
    @Test("installs all packages, which are listed, verified and removed")
    func lifecycle() async throws {
        let scratch = try ScratchFolder()
        let server = try Self.serveStore()
        let store = { (arguments: [String]) async throws -> Command in
            try await Command.host(arguments, root: scratch.path, index: server.address + "/")
        }
        let names = OfficialStore.skills.map { "praximous/" + $0 }
        let install = try await store(["plugins", "install", "--yes"] + names)
        #expect(install.exitCode == 0, "\(install.errors)")
        let asked = Set(server.requests)
        #expect(try OfficialStore.artifacts().allSatisfy { asked.contains("/" + $0.url) })

        let list = try await store(["plugins", "list", "--json"])
        #expect(list.exitCode == 0)
        let plugins = try JSON.parse(list.output)["plugins"]?.arrayValue?.filter { $0["origin"] == "installed" } ?? []
        #expect(plugins.compactMap { $0["name"]?.stringValue }.sorted() == names)
        #expect(plugins.allSatisfy { $0["trust"] == "official" && $0["version"] == "1.0.0" })

        let verify = try await store(["plugins", "verify", "--all"])
        #expect(verify.exitCode == 0, "\(verify.errors)")
        for name in names {
            #expect(try await store(["plugins", "remove", "--yes", name]).exitCode == 0, "\(name)")
        }
        let again = try await store(["plugins", "remove", "--yes", names[0]])
        #expect(again.exitCode == 3)
        #expect(again.errors.contains("is not installed"))
        #expect(try await store(["plugins", "verify", "--all"]).exitCode == 0)
    }

    @Test(
        "has one flipped byte of an installed file found and named",
        arguments: [
            "README.md", "skill.yaml", "lib/linux-x86_64/skill.so", "META/MANIFEST.json",
        ]
    )
    func flippedByte(_ file: String) async throws {
        let scratch = try ScratchFolder()
        let store = { (arguments: [String]) async throws -> Command in
            try await Command.host(arguments, root: scratch.path, index: OfficialStore.index)
        }
        #expect(try await store(["plugins", "install", "--yes", "url_tools", "text_diff"]).exitCode == 0)
        let versions = scratch.path + "/plugins/store/praximous/url-tools"
        let folder = try #require(try FileManager.default.contentsOfDirectory(atPath: versions).first)
        try Self.flipByte(in: "\(versions)/\(folder)/\(file)")

        let verify = try await store(["plugins", "verify", "--all", "--json"])
        #expect(verify.exitCode == 4)
        let first = try #require(verify.output.split(separator: "\n").first)
        let verified = try JSON.parse(String(first))["verified"]?.arrayValue ?? []
        let damaged = verified.filter { $0["intact"] == false }
        #expect(damaged.compactMap { $0["name"]?.stringValue } == ["praximous/url-tools"])
        let problems = damaged.first?["problems"]?.text ?? ""
        #expect(problems.contains(file), "\(problems)")
        #expect(verified.contains { $0["name"] == "praximous/text-diff" && $0["intact"] == true })
        #expect(try await store(["plugins", "verify", "text_diff"]).exitCode == 0)
        #expect(try await store(["plugins", "verify", "url_tools"]).exitCode == 4)
    }

    @Test("refuses a package with one flipped byte, and leaves nothing installed")
    func damagedDownload() async throws {
        let scratch = try ScratchFolder()
        let server = try Self.serveStore { path, bytes in
            if path.hasSuffix(".tar.gz") { bytes[bytes.count / 2] ^= 1 }
        }
        let install = try await Command.host(
            ["plugins", "install", "--yes", "uuid_tools"],
            root: scratch.path,
            index: server.address + "/"
        )
        #expect(install.exitCode == 4, "\(install.errors)")
        let list = try await Command.host(["plugins", "list", "--json"], root: scratch.path, index: server.address)
        #expect(try JSON.parse(list.output)["plugins"]?.arrayValue?.contains { $0["origin"] == "installed" } == false)
    }

    @Test("refuses an index with one flipped byte")
    func damagedIndex() async throws {
        let scratch = try ScratchFolder()
        let server = try Self.serveStore { path, bytes in
            if path.hasSuffix("skills.json") { bytes[bytes.count / 2] ^= 1 }
        }
        let install = try await Command.host(
            ["plugins", "install", "--yes", "uuid_tools"],
            root: scratch.path,
            index: server.address + "/"
        )
        #expect(install.exitCode == 4, "\(install.errors)")
        #expect(!server.requests.contains { $0.hasSuffix(".tar.gz") })
    }

    /// The store's files as a web server gives them; `damage` may change them on the way.
    private static func serveStore(
        damage: @escaping @Sendable (String, inout [UInt8]) -> Void = { _, _ in }
    ) throws -> StaticFileServer {
        try StaticFileServer { path in
            let isPublished = path == "/skills.json" || path.hasPrefix("/registry/")
            guard isPublished, !path.contains(".."),
                var bytes = try? [UInt8](Data(contentsOf: URL(filePath: SourceTree.root + path)))
            else { return .status(404) }
            damage(path, &bytes)
            return .body(bytes)
        }
    }

    private static func flipByte(in path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        var bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(filePath: path))
    }
}
