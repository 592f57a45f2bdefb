import Core
import Foundation
import Glibc
import PluginRuntime
import TestSupport
import Testing

@Suite("A plugin's folder") struct PluginFolderTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private var refusal: Refusal? {
        do throws(Refusal) {
            _ = try PluginFolder(path: scratch.path, origin: .local)
            return nil
        } catch {
            return error
        }
    }

    @Test("without a skill.yaml is no plugin's")
    func missing() { #expect(refusal?.reason == .missingFile) }

    @Test("whose skill.yaml is larger than a mebibyte is refused unread", arguments: [(1 << 20) + 1, 3 << 30])
    func tooLarge(_ bytes: Int) throws {
        try scratch.write("", to: "skill.yaml")
        #expect(truncate(scratch.path + "/skill.yaml", bytes) == 0)
        #expect(refusal?.reason == .manifest)
        #expect(refusal?.description.contains("is not a regular file of at most 1048576 bytes") == true)
    }

    @Test("whose skill.yaml is no file is refused at once")
    func fifo() {
        #expect(mkfifo(scratch.path + "/skill.yaml", 0o600) == 0)
        #expect(refusal?.reason == .manifest)
    }

    @Test("may have a link to its skill.yaml")
    func link() throws {
        try scratch.write(
            PluginFixture.manifest(name: "test/x", taskType: "x", operations: ["a"]),
            to: "elsewhere.yaml"
        )
        #expect(symlink("elsewhere.yaml", scratch.path + "/skill.yaml") == 0)
        #expect(refusal == nil)
    }
}
