import Foundation
import TestSupport
import Testing

@Suite("The official index") struct IndexTests {
    @Test("lists exactly the files that are there")
    func files() throws {
        let urls = try OfficialStore.artifacts().map(\.url).sorted()
        #expect(urls == (try OfficialStore.packageFiles().map { "registry/packages/" + $0 }))
        #expect(try OfficialStore.artifacts().map(\.package).sorted() == OfficialStore.skills.map { "praximous/" + $0 })
    }

    @Test("gives their sizes and hashes, as sha256sum sees them")
    func hashes() async throws {
        for artifact in try OfficialStore.artifacts() {
            let path = SourceTree.path(artifact.url)
            #expect(try Data(contentsOf: URL(filePath: path)).count == artifact.size, "\(artifact.url)")
            let sum = try await Command.run(["sha256sum", path])
            #expect(sum.exitCode == 0)
            #expect(sum.output.prefix(64) == artifact.sha256 ?? "none", "\(artifact.url)")
        }
    }

    @Test("lists packages of at most 100,000 bytes")
    func sizes() throws {
        for file in try OfficialStore.packageFiles() {
            let size = try Data(contentsOf: URL(filePath: OfficialStore.packagesFolder + "/" + file)).count
            #expect(size > 0 && size <= 100_000, "\(file)")
        }
    }
}
