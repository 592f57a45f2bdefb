@testable import Registry

/// Writes tars byte by byte, so that a test can make what no tar program would.
struct TarMaker {
    private(set) var bytes: [UInt8] = []

    mutating func file(_ path: String, _ content: [UInt8], header change: (inout [UInt8]) -> Void = { _ in }) {
        entry(Array(path.utf8), kind: "0", content, header: change)
    }

    /// `header` may change the block; the checksum is put right afterwards.
    mutating func entry(
        _ path: [UInt8],
        kind: Character,
        _ content: [UInt8] = [],
        size: Int? = nil,
        header change: (inout [UInt8]) -> Void = { _ in }
    ) {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            block.replaceSubrange(offset..<(offset + text.utf8.count), with: text.utf8)
        }
        block.replaceSubrange(0..<min(100, path.count), with: path.prefix(100))
        put("0000644", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(Self.octal(size ?? content.count, 11), at: 124)
        put("00000000000", at: 136)
        put(String(kind), at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        change(&block)
        Self.correctChecksum(&block)
        bytes += block + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// A pax header with records given as (key, value).
    mutating func extended(_ records: [(String, String)], kind: Character = "x") {
        extended(raw: records.flatMap { Self.record($0.0, Array($0.1.utf8)) }, kind: kind)
    }

    mutating func extended(raw: [UInt8], kind: Character = "x") { entry(Array("PaxHeaders/x".utf8), kind: kind, raw) }

    mutating func append(_ more: [UInt8]) { bytes += more }

    mutating func end() { bytes += [UInt8](repeating: 0, count: 1024) }

    static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let body = Array(" \(key)=".utf8) + value + [0x0a]
        var length = body.count + 1
        while String(length).utf8.count + body.count != length { length += 1 }
        return Array(String(length).utf8) + body
    }

    static func correctChecksum(_ block: inout [UInt8]) {
        block.replaceSubrange(148..<156, with: [UInt8](repeating: 0x20, count: 8))
        let sum = block.reduce(0) { $0 + Int($1) }
        block.replaceSubrange(148..<156, with: Array(octal(sum, 6).utf8) + [0, 0x20])
    }

    private static func octal(_ value: Int, _ width: Int) -> String {
        let digits = String(value, radix: 8)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

/// gzip with stored blocks: no compressor is needed to make a file that every decompressor reads.
enum Gzip {
    /// `fields` stand behind the fixed header; `flags` say which they are.
    static func member(_ content: [UInt8], flags: UInt8 = 0, fields: [UInt8] = []) -> [UInt8] {
        var bytes: [UInt8] = [0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 255] + fields
        var rest = content[...]
        repeat {
            let part = rest.prefix(65_535)
            rest = rest.dropFirst(part.count)
            let length = UInt16(part.count)
            bytes += [rest.isEmpty ? 1 : 0] + pair(length) + pair(~length) + part
        } while !rest.isEmpty
        var checksum = CRC32()
        content.withUnsafeBytes { checksum.update($0) }
        return bytes + word(checksum.value) + word(UInt32(content.count))
    }

    private static func pair(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xff), UInt8(value >> 8)] }
    private static func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 0xff) } }
}

/// Zstandard with raw blocks, of 128 KiB at most.
enum Zstandard {
    /// With four bytes of content size and no checksum; one segment, unless there is a `window` descriptor.
    static func frame(_ content: [UInt8], window: UInt8? = nil) -> [UInt8] {
        var bytes: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd] + (window.map { [0x80, $0] } ?? [0xa0])
        bytes += number(content.count, 4)
        var rest = content[...]
        repeat {
            let part = rest.prefix(128 << 10)
            rest = rest.dropFirst(part.count)
            bytes += number(part.count << 3 | (rest.isEmpty ? 1 : 0), 3) + part
        } while !rest.isEmpty
        return bytes
    }

    /// A frame that every decoder jumps over.
    static func skippable(_ content: [UInt8]) -> [UInt8] {
        [0x50, 0x2a, 0x4d, 0x18] + number(content.count, 4) + content
    }

    private static func number(_ value: Int, _ bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(value >> (8 * $0) & 0xff) }
    }
}
