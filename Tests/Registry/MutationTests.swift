import Core
import Testing

@testable import Registry

@Suite("A good package with something changed")
struct MutationTests {
    /// A small generator with a fixed seed: a failure can be repeated.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    private func stages(_ tar: [UInt8], packed: [UInt8]? = nil) throws -> Bool {
        let temporary = try TemporaryFolder()
        let folder = try Folder.open(temporary.path)
        let bytes = packed ?? Gzip.member(tar)
        let file = try folder.createFile("package", mode: 0o600)
        try file.write(bytes)
        let policy = StorePolicy(index: "")
        let staging = PackageStaging(
            platform: .current,
            expectation: PackageStaging.Expectation(
                keys: TestKeys.store.map { [$0.publicKey] } ?? [],
                unsigned: UnsignedRule(policy: policy, isAllowed: false)
            )
        )
        do {
            _ = try staging.run(file, size: bytes.count, into: folder.makeFolder("stage"))
            return true
        } catch is RegistryError { return false }
    }

    @Test("by one bit of its tar is never accepted", arguments: 0..<8)
    func bits(_ seed: Int) throws {
        var numbers = Numbers(state: UInt64(seed) &+ 99)
        var maker = try TestPackage().tar(key: TestKeys.store)
        maker.end()
        #expect(try stages(maker.bytes))
        for _ in 0..<60 {
            var tar = maker.bytes
            let position = Int.random(in: 0..<tar.count, using: &numbers)
            let bit = UInt8(1) << UInt8.random(in: 0..<8, using: &numbers)
            tar[position] ^= bit
            #expect(try !stages(tar), "bit \(bit) of byte \(position)")
        }
    }

    @Test("by removing, doubling or moving a stretch is never accepted", arguments: 0..<4)
    func stretches(_ seed: Int) throws {
        var numbers = Numbers(state: UInt64(seed) &+ 7)
        var maker = try TestPackage().tar(key: TestKeys.store)
        maker.end()
        let whole = maker.bytes
        for _ in 0..<40 {
            let start = Int.random(in: 0..<whole.count - 1024, using: &numbers) / 512 * 512
            let length = Int.random(in: 1...4, using: &numbers) * 512
            let end = min(whole.count, start + length)
            let stretch = Array(whole[start..<end])
            var tar = whole
            switch Int.random(in: 0..<3, using: &numbers) {
            case 0: tar.removeSubrange(start..<end)
            case 1: tar.insert(contentsOf: stretch, at: start)
            default: tar.replaceSubrange(start..<end, with: stretch.reversed())
            }
            // The end mark may be doubled; taking a stretch of zeros out of a run of zeros changes nothing.
            guard tar != whole, stretch.contains(where: { $0 != 0 }) else { continue }
            #expect(try !stages(tar), "\(length) bytes at \(start)")
        }
    }
}
