import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("plugins test passes") struct ShippedSkillTests {
    static let bundled = names(in: SourceTree.bundledPlugins).filter { !$0.hasPrefix(".") }
    static let packages = names(in: SourceTree.path("registry/packages")).filter {
        $0.hasSuffix("-linux-x86_64.tar.gz")
    }

    private static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    @Test("there are skills and providers to try")
    func areThere() {
        #expect(Self.bundled.count == 13)
        #expect(Self.packages.count == 8)
    }

    @Test("every bundled plugin", arguments: bundled)
    func isBundled(_ name: String) async throws {
        try await passes(SourceTree.bundledPlugins + "/" + name, Author())
    }

    #if arch(x86_64)
    @Test("every package of the official store", arguments: packages)
    func isOfficial(_ name: String) async throws {
        let author = try Author()
        let folder = author.path("package")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let archive = SourceTree.path("registry/packages/" + name)
        let unpack = try await Command.run(["tar", "xzf", archive, "-C", folder], environment: [:], seconds: 60)
        #expect(unpack.exitCode == 0)
        try await passes(folder, author)
    }
    #endif

    private func passes(_ folder: String, _ author: Author) async throws {
        let test = try await author.host("plugins", "test", folder, "--only-failed")
        #expect(test.exitCode == 0, "\(test.output) \(test.errors)")
    }
}
