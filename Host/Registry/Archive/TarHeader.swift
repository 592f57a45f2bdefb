import Core

/// One 512-byte header block of a tar, read as strictly as POSIX.1-2001 (ustar) is written.
struct TarHeader {
    enum Kind {
        case file, folder
        /// Records that speak for the next header (`x`).
        case extension_
    }

    static let blockBytes = 512

    let kind: Kind
    let path: [UInt8]
    let size: Int

    init(block: [UInt8]) throws(TarFlaw) {
        guard block.count == Self.blockBytes else { throw TarFlaw("the tar ends inside a header") }
        guard Array(block[257..<265]) == Array("ustar\u{0}00".utf8) else {
            throw TarFlaw("a tar header is not in ustar format; GNU and V7 headers are not accepted")
        }
        try Self.check(block)
        guard let size = Self.octal(block[124..<136]) else {
            throw TarFlaw("a tar header has a size that is no octal number")
        }
        self.size = size
        path = try Self.path(of: block)
        switch block[156] {
        case UInt8(ascii: "0"): kind = .file
        case UInt8(ascii: "5"): kind = .folder
        case UInt8(ascii: "x"): kind = .extension_
        case let flag:
            let name = String(decoding: path, as: UTF8.self).quotedForMessage()
            throw TarFlaw(
                "\(name) is \(Self.name(of: flag)); only files and folders are accepted"
            )
        }
        guard block[157..<257].allSatisfy({ $0 == 0 }) else {
            let name = String(decoding: path, as: UTF8.self).quotedForMessage()
            throw TarFlaw("\(name) is a file with a link's target")
        }
        guard kind != .folder || size == 0 else { throw TarFlaw("a folder in the tar has content") }
    }

    private static func check(_ block: [UInt8]) throws(TarFlaw) {
        var sum = 0
        for (position, byte) in block.enumerated() { sum += (148..<156).contains(position) ? 0x20 : Int(byte) }
        // Six digits, NUL, blank: what every writer makes. One spelling, so that no bit of a header is free.
        guard octal(block[148..<154]) == sum, block[154] == 0, block[155] == 0x20 else {
            throw TarFlaw("a tar header has a wrong checksum")
        }
    }

    private static func path(of block: [UInt8]) throws(TarFlaw) -> [UInt8] {
        let name = text(block[0..<100])
        let prefix = text(block[345..<500])
        guard let name, let prefix, block[500..<512].allSatisfy({ $0 == 0 }) else {
            throw TarFlaw("a tar header has data behind the end of a name")
        }
        return prefix.isEmpty ? name : prefix + [UInt8(ascii: "/")] + name
    }

    /// A field that ends at its first NUL or fills its place; nil when something follows the NUL.
    private static func text(_ field: ArraySlice<UInt8>) -> [UInt8]? {
        let text = field.prefix { $0 != 0 }
        return field.dropFirst(text.count).allSatisfy { $0 == 0 } ? Array(text) : nil
    }

    /// Octal digits, then only NULs and blanks.
    ///
    /// Base-256 and signs are not accepted.
    private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
        let digits = field.prefix { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
        guard !digits.isEmpty, field.dropFirst(digits.count).allSatisfy({ $0 == 0 || $0 == 0x20 }) else { return nil }
        // At most 12 digits: 36 bits.
        return digits.reduce(0) { $0 << 3 | Int($1 - UInt8(ascii: "0")) }
    }

    private static func name(of flag: UInt8) -> String {
        switch flag {
        case 0: "a V7 entry"
        case UInt8(ascii: "1"): "a hard link"
        case UInt8(ascii: "2"): "a symbolic link"
        case UInt8(ascii: "3"), UInt8(ascii: "4"): "a device"
        case UInt8(ascii: "6"): "a FIFO"
        case UInt8(ascii: "g"): "a global extension"
        case UInt8(ascii: "L"), UInt8(ascii: "K"), UInt8(ascii: "S"), UInt8(ascii: "M"), UInt8(ascii: "V"),
            UInt8(ascii: "D"), UInt8(ascii: "N"):
            "a GNU extension"
        default: "of an unknown kind (\(String(decoding: [flag], as: UTF8.self).quotedForMessage()))"
        }
    }
}
