import Core
import Foundation
import Services
import TestSupport
import Testing

@Suite struct DataFolderTests {
    private let scratch: TemporaryFolder
    private let root: InstallationRoot
    private let plugin: PluginName

    init() throws {
        scratch = try TemporaryFolder()
        root = InstallationRoot(scratch.path)
        plugin = try PluginName.parse("acme/notes")
    }

    private func write(_ bytes: Int, to name: String) throws {
        let url = URL(fileURLWithPath: scratch.path + "/data/plugins/acme__notes/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        let content = Data((0..<bytes).map { _ in UInt8.random(in: 0...255) })
        try content.write(to: url)
        // Until then some file systems have not decided how many blocks it takes.
        let file = try FileHandle(forUpdating: url)
        try file.synchronize()
        try file.close()
    }

    @Test("the folder is made for the host's user alone, and is the same at the next start")
    func makes() throws {
        let folder = try DataFolder(of: plugin, in: root)
        #expect(folder.path == scratch.path + "/data/plugins/acme__notes")
        #expect(try scratch.mode(of: "data/plugins/acme__notes") == 0o700)
        #expect(try scratch.mode(of: "data/plugins") == 0o700)
        try write(1, to: "kept")
        #expect(chmod(folder.path, 0o777) == 0)
        #expect(try DataFolder(of: plugin, in: root) == folder)
        #expect(try scratch.mode(of: "data/plugins/acme__notes") == 0o700)
        #expect(FileManager.default.fileExists(atPath: folder.path + "/kept"))
    }

    @Test("a link or a file in the folder's place is refused, and the link's target stays as it is")
    func refusesOthers() throws {
        let manager = FileManager.default
        try manager.createDirectory(atPath: scratch.path + "/data/plugins", withIntermediateDirectories: true)
        try manager.createDirectory(
            atPath: scratch.path + "/elsewhere",
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o755]
        )
        let path = scratch.path + "/data/plugins/acme__notes"
        try manager.createSymbolicLink(atPath: path, withDestinationPath: scratch.path + "/elsewhere")
        let error = #expect(throws: DataFolderError.self) { try DataFolder(of: plugin, in: root) }
        #expect(error?.reason == "Not a directory")
        #expect(try scratch.mode(of: "elsewhere") == 0o755)
        try manager.removeItem(atPath: path)
        try Data().write(to: URL(fileURLWithPath: path))
        #expect(throws: DataFolderError.self) { try DataFolder(of: plugin, in: root) }
    }

    @Test("what the folder takes is counted through all folders below")
    func counts() throws {
        let folder = try DataFolder(of: plugin, in: root)
        #expect(folder.usage().usedBytes == 0)
        try write(1 << 20, to: "a")
        try write(1 << 20, to: "b/c/d")
        let usage = folder.usage()
        // Folders and the file system's own blocks come on top.
        #expect((2 << 20)...(2 << 20) + (256 << 10) ~= usage.usedBytes)
        #expect(usage.entries == 4)
        #expect(usage.isComplete)
    }

    @Test("links are not followed and pipes not opened")
    func followsNothing() throws {
        let folder = try DataFolder(of: plugin, in: root)
        let manager = FileManager.default
        try manager.createSymbolicLink(atPath: folder.path + "/root", withDestinationPath: "/")
        try manager.createSymbolicLink(atPath: folder.path + "/loop", withDestinationPath: ".")
        #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
        let usage = folder.usage()
        #expect(usage.entries == 3)
        #expect(usage.usedBytes < 64 << 10)
        #expect(usage.isComplete)
    }

    @Test("a folder made to be endless is given up, and says so")
    func givesUp() throws {
        let folder = try DataFolder(of: plugin, in: root)
        for index in 0..<20 { try write(0, to: "flat/\(index)") }
        let limits = FolderScan.Limits(maxEntries: 10, maxDepth: 64)
        #expect(folder.usage(limits: limits).entries == 10)
        #expect(!folder.usage(limits: limits).isComplete)
        #expect(folder.usage().isComplete)
        try write(0, to: (0..<70).map { _ in "d" }.joined(separator: "/"))
        #expect(!folder.usage().isComplete)
    }

    @Test("a folder that is gone counts as not known")
    func isGone() throws {
        let folder = try DataFolder(of: plugin, in: root)
        try FileManager.default.removeItem(atPath: folder.path)
        #expect(!folder.usage().isComplete)
    }
}
