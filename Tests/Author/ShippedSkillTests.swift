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
        #expect(Self.bundled.count == 17)
        #expect(Self.packages.count == 8)
    }

    @Test("every bundled plugin but one", arguments: bundled.filter { $0 != "web_scraper" })
    func isBundled(_ name: String) async throws {
        try await passes(SourceTree.bundledPlugins + "/" + name, Author())
    }

    @Test("web_scraper but for the hosts: which page is wanted, nobody knows before")
    func webScraper() async throws {
        let folder = SourceTree.bundledPlugins + "/web_scraper"
        let test = try await Author().host("plugins", "test", folder, "--only-failed")
        let failed = test.output.split(separator: "\n").filter { $0.hasPrefix("FAIL") }
        #expect(failed == ["FAIL  manifest/hosts"], "\(test.output) \(test.errors)")
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
