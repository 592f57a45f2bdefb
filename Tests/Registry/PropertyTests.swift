import Core
import Foundation
import Testing

@testable import Registry

/// The seed of a failure is in the name of its case.
@Suite("Whatever package comes")
struct PropertyTests {
    /// A small generator with a fixed seed: a failure can be repeated.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    /// What a package unpacks to; nil when it is refused.
    private func listing(_ packed: [UInt8]) throws -> [String: PackageManifest.File]? {
        try withStage(packed) { staged, _ in staged.list.files }
    }

    private func withStage<Value>(_ packed: [UInt8], _ body: (StagedPackage, Folder) throws -> Value) throws -> Value? {
        let temporary = try TemporaryFolder()
        let folder = try Folder.open(temporary.path)
        let file = try folder.createFile("package", mode: 0o600)
        try file.write(packed)
        let expectation = PackageStaging.Expectation(
            keys: TestKeys.store.map { [$0.publicKey] } ?? [],
            unsigned: UnsignedRule(policy: StorePolicy(index: ""), isAllowed: false)
        )
        let stage = try folder.makeFolder("stage")
        let staged: StagedPackage
        do {
            staged = try PackageStaging(platform: .current, expectation: expectation)
                .run(file, size: packed.count, into: stage)
        } catch is RegistryError { return nil }
        return try body(staged, stage)
    }

    private func good() throws -> [UInt8] {
        var maker = try TestPackage().tar(key: TestKeys.store)
        maker.end()
        return maker.bytes
    }

    @Test(
        "a flipped bit of its compression is refused or changes nothing",
        arguments: ["gzip", "zstd", "stored"],
        0..<4
    )
    func compression(_ packer: String, _ seed: Int) throws {
        var numbers = Numbers(state: UInt64(seed) &+ 11)
        let tar = try good()
        let whole = packer == "stored" ? Gzip.member(tar) : try Compressor.run(packer, tar)
        let expected = try #require(try listing(whole))
        for _ in 0..<60 {
            var packed = whole
            // Half of them in the head, where the formats have their free fields.
            let end = Bool.random(using: &numbers) ? packed.count : 24
            let position = Int.random(in: 0..<end, using: &numbers)
            let bit = UInt8(1) << UInt8.random(in: 0..<8, using: &numbers)
            packed[position] ^= bit
            let found = try listing(packed)
            #expect(found == nil || found == expected, "bit \(bit) of byte \(position)")
        }
    }

    @Test("a flipped bit of a header whose checksum is right again is refused or changes nothing", arguments: 0..<8)
    func headers(_ seed: Int) throws {
        var numbers = Numbers(state: UInt64(seed) &+ 23)
        let tar = try good()
        let expected = try #require(try listing(Gzip.member(tar)))
        let starts = stride(from: 0, to: tar.count, by: 512).filter { start in
            tar[(start + 257)..<min(tar.count, start + 262)].elementsEqual("ustar".utf8)
        }
        for _ in 0..<60 {
            var changed = tar
            let start = try #require(starts.randomElement(using: &numbers))
            var block = Array(changed[start..<(start + 512)])
            let position = Int.random(in: 0..<512, using: &numbers)
            block[position] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &numbers)
            TarMaker.correctChecksum(&block)
            changed.replaceSubrange(start..<(start + 512), with: block)
            let found = try listing(Gzip.member(changed))
            #expect(found == nil || found == expected, "byte \(position) of the header at \(start)")
        }
    }

    @Test("what was unpacked packs again to the same listing", arguments: 0..<12)
    func repacking(_ seed: Int) throws {
        var numbers = Numbers(state: UInt64(seed) &+ 37)
        var package = TestPackage()
        package.others = randomFiles(&numbers)
        let archive = try package.archive(key: TestKeys.store)
        let again = try withStage(archive) { staged, folder -> [UInt8] in
            let tree = try InstalledTree(folder)
            #expect(tree.strangers.isEmpty)
            var tar = TarMaker()
            let first = ["skill.yaml"] + tree.files.map(\.path).filter { $0 != "skill.yaml" }
            for path in first {
                let content = [UInt8](try Data(contentsOf: URL(filePath: folder.path + "/" + path)))
                tar.file(path, content)
            }
            tar.end()
            return Gzip.member(tar.bytes)
        }
        let expected = try #require(try listing(archive))
        #expect(expected.count == package.others.count + 2)
        #expect(try listing(try #require(again)) == expected)
    }

    /// Files of any content below share/, with names of every accepted character.
    private func randomFiles(_ numbers: inout Numbers) -> [(String, [UInt8])] {
        let letters = (0x21...0x7e).map { UInt8($0) }.filter { !Array("/\\:<>|?*\".".utf8).contains($0) }
        var files: [String: [UInt8]] = [:]
        for number in 0..<Int.random(in: 1...20, using: &numbers) {
            var path = "share"
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                let count = Int.random(in: 1...15, using: &numbers)
                let part = (0..<count).compactMap { _ in letters.randomElement(using: &numbers) }
                path += "/" + String(decoding: part, as: UTF8.self).lowercased() + "\(number)"
            }
            let size = [0, 1, 511, 512, 513, 70_000].randomElement(using: &numbers) ?? 0
            files[path] = (0..<size).map { _ in UInt8.random(in: 0...255, using: &numbers) }
        }
        return files.sorted { $0.key < $1.key }
    }
}
