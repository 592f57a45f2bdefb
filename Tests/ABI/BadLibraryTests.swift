import Foundation
import Testing

@Suite("Bad libraries") struct BadLibraryTests {
    @Test("each can be made", arguments: BadLibrary.all)
    func builds(_ library: BadLibrary) throws {
        let scratch = try Scratch()
        let folder = try library.build(in: scratch)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["skill.so", "skill.yaml"])
    }

    @Test("every folder below Bad is in the table")
    func listsEveryFolder() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Repository.path("Tests/ABI/Bad"))
            .filter { $0 != "good.h" }
        #expect(folders.sorted() == BadLibrary.all.map(\.name).sorted())
    }

    @Test(
        "each is refused with 5 and a sentence that says why",
        .enabled(if: PraxHost.isBuilt),
        arguments: BadLibrary.refused
    )
    func isRefused(_ library: BadLibrary) throws {
        let scratch = try Scratch()
        let host = try #require(PraxHost.path)
        let result = try Command.run([host, "plugins", "test", try library.build(in: scratch)])
        #expect(result.status == 5, "\(result.output)")
        #expect(result.output.contains(library.message), "\(result.output)")
    }

    @Test("a FIFO in the place of the library is refused, not waited for", .enabled(if: PraxHost.isBuilt))
    func fifo() throws {
        let scratch = try Scratch()
        let host = try #require(PraxHost.path)
        let folder = try BadLibrary.refused[0].build(in: scratch)
        try FileManager.default.removeItem(atPath: folder + "/skill.so")
        #expect(mkfifo(folder + "/skill.so", 0o600) == 0)
        let result = try Command.run([host, "plugins", "test", folder])
        #expect(result.status == 5, "\(result.output)")
        #expect(result.output.contains("is not a regular file"))
    }

    @Test(
        "one that breaks a rule when it is called is reported, and harms nothing",
        .enabled(if: PraxHost.isBuilt),
        arguments: BadLibrary.misbehaving
    )
    func isReported(_ library: BadLibrary) throws {
        let scratch = try Scratch()
        let host = try #require(PraxHost.path)
        let folder = try library.build(in: scratch)
        #expect(try Command.run([host, "plugins", "test", folder, "--level", "1"]).status == 0)
        #expect(try Command.run([host, "plugins", "test", folder]).status == 5)
        let root = ["PRAX_ROOT": scratch.file("root")]
        let call = try Command.run([host, "plugins", "call", folder, "run", "--json-args", "{}"], environment: root)
        #expect(call.output.contains(library.message), "\(call.output)")
        #expect(!call.output.contains("second"))
        #expect(call.status < 128)
    }
}
