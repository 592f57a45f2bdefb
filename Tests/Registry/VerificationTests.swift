import Core
import Foundation
import Testing

@testable import Registry

@Suite("Installed packages")
struct VerificationTests {
    private func installed() async throws -> TestStore {
        let store = try TestStore()
        try store.add(TestPackage())
        try store.publish()
        try await store.install("hello")
        return store
    }

    private func problems(_ store: TestStore) throws -> [String] {
        try Verification(layout: store.layout, policy: store.policy).verify(nil).flatMap(\.problems)
    }

    private func folder(_ store: TestStore) throws -> String {
        try #require(InstalledPackages.scan(store.root).packages.first?.folder)
    }

    @Test("are intact right after they were installed")
    func intact() async throws { #expect(try problems(await installed()).isEmpty) }

    @Test("name every file that was modified, added or lost")
    func modified() async throws {
        let store = try await installed()
        let folder = try folder(store)
        chmod(folder, 0o755)
        chmod(folder + "/README.md", 0o644)
        try Data("# Hallo\n".utf8).write(to: URL(filePath: folder + "/README.md"), options: [])
        chmod(folder + "/README.md", 0o444)
        try Data().write(to: URL(filePath: folder + "/extra.so"))
        symlink("/etc/passwd", folder + "/link")
        unlink(folder + "/skill.yaml")
        #expect(
            try problems(store) == [
                "\"link\" is not in the signed list", "\"README.md\" has other content than was signed",
                "\"extra.so\" is not in the signed list", "\"skill.yaml\" is missing",
            ]
        )
        #expect(InstalledPackages.scan(store.root).packages.isEmpty)
    }

    @Test("notice a list and a signature that were exchanged together")
    func exchanged() async throws {
        let store = try await installed()
        let stranger = try #require(TestKeys.stranger)
        let meta = try folder(store) + "/META"
        chmod(meta + "/MANIFEST.json", 0o644)
        chmod(meta + "/MANIFEST.sig", 0o644)
        let list = TestPackage().list(try TestPackage().files())
        try Data(list).write(to: URL(filePath: meta + "/MANIFEST.json"), options: [])
        let signature = SignatureFile.signing(list, as: .manifest, with: stranger).encoded()
        try Data(signature).write(to: URL(filePath: meta + "/MANIFEST.sig"), options: [])
        #expect(try problems(store).contains("META/MANIFEST.json is not the one that was installed"))
    }

    @Test("whose library changed are not loaded")
    func library() async throws {
        let store = try await installed()
        try store.overwrite(TestPackage().entry, with: "another library")
        let scan = InstalledPackages.scan(store.root)
        #expect(scan.packages.isEmpty)
        #expect(
            scan.refused.map(\.reason) == [
                "The package was modified: \"\(TestPackage().entry)\" has another size than was signed."
            ]
        )
    }

    @Test("are gone after a removal, and can come back")
    func removal() async throws {
        let store = try await installed()
        let removed = try Removal(layout: store.layout).remove(PackageReference("hello"))
        #expect(removed.name.description == "acme/hello")
        #expect(store.installed.isEmpty)
        #expect(store.folder.names(below: "root/plugins/store").isEmpty)
        #expect(store.folder.names(below: "root/plugins/active").isEmpty)
        let error = #expect(throws: RegistryError.self) {
            try Removal(layout: store.layout).remove(PackageReference("hello"))
        }
        #expect(error?.exitCode == .notFound)
        try await store.install("hello")
        #expect(store.installed == ["acme/hello 1.0.0"])
    }

    @Test("with a receipt that cannot be read are not loaded, and can be installed again")
    func damagedReceipt() async throws {
        let store = try await installed()
        try store.folder.write("root/plugins/receipts/acme__hello.json", "{\"format\":1")
        #expect(store.installed.isEmpty)
        #expect(InstalledPackages.scan(store.root).refused.count == 1)
        try await store.install("hello")
        #expect(store.installed == ["acme/hello 1.0.0"])
    }
}
