import Foundation
import PraximousJSON

@testable import Registry

/// Attacks on what stands around the files: the download, its compression, the end of the tar.
enum ArchiveByteCases {
    static let listed: [HostileCase] = [
        HostileCase("21 a tail behind the size of the index", "sends more than") { release in
            release.changeServed = { $0 + [0] }
        },
        HostileCase("21 a size that is one too long", "bytes, expected were") { release in
            release.changeArtifact = { $0["size"] = .integer(($0["size"]?.intValue ?? 0) + 1) }
        },
        .packed("22 gzip cut short", "its compression is damaged") { Array(Gzip.member($0).dropLast(100)) },
        .packed("22 gzip without its trailer", "its compression is damaged") { Array(Gzip.member($0).dropLast(8)) },
        .packed("22 tar cut inside a file", "ends inside a file, at \"README.md\"") {
            Gzip.member(Array($0.dropLast(1024 + 512)))
        },
        .packed("22 tar cut inside a block", "ends inside a block") { Gzip.member(Array($0.dropLast(1))) },
        HostileCase("22 no end blocks", "no end mark") { $0.hasEnd = false },
        HostileCase("22 one end block of two", "no end mark") {
            $0.hasEnd = false
            $0.append { $0.append([UInt8](repeating: 0, count: 512)) }
        },
        HostileCase("23 a bomb of 10 MB for 10 GiB", "it unpacks to more than the 268435456 bytes expected") {
            release in
            release.pack = { _ in try Bomb.gzip.get() }
            release.changeArtifact = { $0["unpacked"] = .integer(10 << 30) }
        },
        HostileCase("23 a bomb of 1 MB", "it unpacks to more than 200 times its size") { release in
            release.pack = { _ in Array(try Bomb.gzip.get().prefix(1 << 20)) }
            release.changeArtifact = { $0["unpacked"] = .integer(10 << 30) }
        },
        HostileCase("23 more bytes than the index says", "bytes expected") { release in
            release.changeArtifact = { $0["unpacked"] = 1000 }
        },
        HostileCase("24 20,001 members", "more than 20000 members") { release in
            release.append { tar in
                for number in 0...20_000 { tar.file("share/\(number)", []) }
            }
        },
        .packed("25 a second gzip member", "exactly one gzip member") { Gzip.member($0) + Gzip.member($0) },
        .packed("25 the tar in two gzip members", "exactly one gzip member") {
            Gzip.member(Array($0.prefix(512))) + Gzip.member(Array($0.dropFirst(512)))
        },
        HostileCase("26 a tar inside a file that an extension calls empty", "two different sizes") { release in
            var inner = TarMaker()
            inner.file("lib/evil.so", [1])
            let content = inner.bytes
            release.list("share/x", [])
            release.append { tar in
                tar.extended([("size", "0")])
                tar.file("share/x", content)
            }
        },
        HostileCase("26 a file that its header calls empty", "two different sizes") { release in
            release.list("share/x", [UInt8](repeating: 1, count: 512))
            release.append { tar in
                tar.extended([("size", "512")])
                tar.file("share/x", [])
                tar.append([UInt8](repeating: 1, count: 512))
            }
        },
        HostileCase("32 a file after the end", "data follows the end mark") {
            $0.append { tar in
                tar.end()
                tar.file("share/x", [1])
            }
        },
        HostileCase("32 one byte after the end", "data follows the end mark") {
            $0.append { tar in
                tar.end()
                tar.append([UInt8](repeating: 0, count: 511) + [1])
            }
        },
    ]

    static let more: [HostileCase] = [
        .packed("bytes after the gzip", "data follows") { Gzip.member($0) + [1, 2, 3] },
        .packed("zeros after the gzip", "data follows") { Gzip.member($0) + [UInt8](repeating: 0, count: 512) },
        .packed("a second trailer after the gzip", "data follows") { Gzip.member($0) + Gzip.member($0).suffix(8) },
        .packed("a wrong checksum in the trailer", "its checksum is wrong") {
            var bytes = Gzip.member($0)
            bytes[bytes.count - 8] ^= 1
            return bytes
        },
        .packed("a wrong length in the trailer", "not exactly one gzip member") {
            var bytes = Gzip.member($0)
            bytes[bytes.count - 1] ^= 0x80
            return bytes
        },
        .packed("gzip in gzip", "compressed twice") { Gzip.member(Gzip.member($0)) },
        .packed("gzip in Zstandard", "the tar ends inside a block") { Zstandard.frame(Gzip.member($0)) },
        .packed("reserved flags in gzip", "flags that are not accepted") { Gzip.member($0, flags: 0xe0) },
        .packed("a comment without an end in gzip", "its compression is damaged") { _ in
            Gzip.member([], flags: 16).prefix(10) + [UInt8](repeating: 0x41, count: 4096)
        },
        .packed("a checksum of the header in gzip", "flags that are not accepted") {
            Gzip.member($0, flags: 2, fields: [1, 2])
        },
        .packed("an unknown method in gzip", "neither gzip nor Zstandard") {
            var bytes = Gzip.member($0)
            bytes[2] = 7
            return bytes
        },
        .packed("a bare tar", "neither gzip nor Zstandard") { $0 },
        .packed("bzip2", "neither gzip nor Zstandard") { try Compressor.run("bzip2", $0) },
        .packed("xz", "neither gzip nor Zstandard") { try Compressor.run("xz", $0) },
        .packed("a zip", "neither gzip nor Zstandard") { _ in
            Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 0, count: 60)
        },
        .packed("an empty gzip", "its compression is damaged") { _ in Gzip.member([]) },
        .packed("a gzip of nothing but zeros", "its first member is not skill.yaml") { _ in
            Gzip.member([UInt8](repeating: 0, count: 1024))
        },
        .packed("a skippable frame before Zstandard", "neither gzip nor Zstandard") {
            Zstandard.skippable([1, 2, 3]) + Zstandard.frame($0)
        },
        .packed("a skippable frame after Zstandard", "not exactly one Zstandard frame") {
            Zstandard.frame($0) + Zstandard.skippable([1, 2, 3])
        },
        .packed("two frames of Zstandard", "not exactly one Zstandard frame") {
            Zstandard.frame($0) + Zstandard.frame($0)
        },
        .packed("Zstandard cut short", "not exactly one Zstandard frame") { Array(Zstandard.frame($0).dropLast()) },
        .packed("Zstandard with a dictionary", "not exactly one Zstandard frame") {
            var bytes = Zstandard.frame($0)
            bytes[4] |= 1
            bytes.insert(7, at: 5)
            return bytes
        },
        .packed("Zstandard with a reserved bit", "not exactly one Zstandard frame") {
            var bytes = Zstandard.frame($0)
            bytes[4] |= 8
            return bytes
        },
        .packed("Zstandard with a window of 2 TiB", "its compression is damaged") { Zstandard.frame($0, window: 0xf8) },
        .packed("Zstandard with a block of a reserved kind", "not exactly one Zstandard frame") {
            var bytes = Zstandard.frame($0)
            bytes[9] |= 6
            return bytes
        },
        .packed("Zstandard with a wrong content size", "its compression is damaged") {
            var bytes = Zstandard.frame($0)
            bytes[5] ^= 1
            return bytes
        },
        HostileCase("a bomb of Zstandard", "it unpacks to more than 200 times its size") { release in
            release.pack = { _ in Bomb.zstandard }
            release.changeArtifact = { $0["unpacked"] = .integer(1 << 30) }
        },
        HostileCase("bytes in the padding of a file", "behind the end of a file") { release in
            release.list("share/x", [1])
            release.append { tar in
                var other = TarMaker()
                other.file("share/x", [1])
                var bytes = other.bytes
                bytes[1000] = 1
                tar.append(bytes)
            }
        },
        HostileCase("a tar that begins with zeros", "data follows the end mark") { release in
            release.changeTar = { [UInt8](repeating: 0, count: 1024) + $0 }
        },
        HostileCase("a block of zeros between files", "the tar") { release in
            release.changeTar = { Array($0.prefix(512)) + [UInt8](repeating: 0, count: 512) + $0.dropFirst(512) }
        },
        HostileCase("no files but META", "its first member is not skill.yaml") { release in
            for file in release.files { release.remove(file.path) }
        },
        HostileCase("skill.yaml not first", "its first member is not skill.yaml") { release in
            release.start = { $0.entry(Array("share/".utf8), kind: "5") }
        },
    ]

    /// What may stand in gzip's header, and says nothing.
    static let harmless: [HostileCase] = [
        .packed("a file name in gzip", "") {
            Gzip.member($0, flags: 8, fields: Array("../../evil\u{1b}[2J\u{0}".utf8))
        },
        .packed("a comment in gzip", "") { Gzip.member($0, flags: 16, fields: Array("comment\u{0}".utf8)) },
        .packed("an extra field in gzip", "") { Gzip.member($0, flags: 4, fields: [4, 0, 0x41, 0x70, 0, 0]) },
    ]

    /// The tar ends after each whole block but the last, with an end mark and without.
    static let cuts: [HostileCase] = (1..<12).flatMap { blocks -> [HostileCase] in
        [
            HostileCase("a tar of its first \(blocks) blocks", "") { release in
                release.changeTar = { Array($0.prefix(512 * blocks)) }
            },
            HostileCase("a tar of its first \(blocks) blocks with an end", "") { release in
                release.changeTar = { Array($0.prefix(512 * blocks)) + [UInt8](repeating: 0, count: 1024) }
            },
        ]
    }
}

/// Small files that unpack to large ones.
enum Bomb {
    /// 10 GiB of zeros: one flushed stretch of deflate, repeated.
    static let gzip = Result {
        let script = """
            import sys, zlib
            packer = zlib.compressobj(9, zlib.DEFLATED, -15)
            piece = packer.compress(bytes(1 << 26)) + packer.flush(zlib.Z_FULL_FLUSH)
            head = bytes([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])
            sys.stdout.buffer.write(head + piece * 160 + bytes([3, 0]) + bytes(8))
            """
        return try Compressor.output(["python3", "-c", script], input: [])
    }

    /// 1 GiB of zeros in blocks that say how often to repeat a byte.
    static let zstandard: [UInt8] = {
        let block: [UInt8] = [0x02, 0x00, 0x10, 0]
        let last: [UInt8] = [0x03, 0x00, 0x10, 0]
        let window: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]
        return window + Array((0..<8191).map { _ in block }.joined()) + last
    }()
}

/// Other programs that pack.
enum Compressor {
    struct Failed: Error { let program: String }

    static func run(_ program: String, _ content: [UInt8]) throws -> [UInt8] {
        try output([program, "-c"], input: content)
    }

    static func output(_ arguments: [String], input: [UInt8]) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let source = try folder.write("input", input)
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardInput = try FileHandle(forReadingFrom: URL(filePath: source))
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(program: arguments[0]) }
        return [UInt8](bytes)
    }
}
