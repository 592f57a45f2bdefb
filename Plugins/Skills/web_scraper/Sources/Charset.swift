/// The encodings this skill reads, by the labels of the WHATWG Encoding Standard.
///
/// Few, and written here: iconv(3) would know them all, and would load code by a name that a server chose.
enum Charset {
    case utf8, utf16LittleEndian, utf16BigEndian
    /// Also what ISO-8859-1 and ASCII mean on the web.
    case windows1252

    private static let utf8Labels: Set<String> = ["utf-8", "utf8", "unicode-1-1-utf-8"]
    private static let westernLabels: Set<String> = [
        "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "l1", "windows-1252", "cp1252", "x-cp1252", "ascii",
        "us-ascii",
        "ansi_x3.4-1968",
    ]

    /// nil for one this skill does not read.
    init?(label: String) {
        if Self.utf8Labels.contains(label) {
            self = .utf8
        } else if Self.westernLabels.contains(label) {
            self = .windows1252
        } else if label == "utf-16le" || label == "utf-16" {
            self = .utf16LittleEndian
        } else if label == "utf-16be" {
            self = .utf16BigEndian
        } else {
            return nil
        }
    }

    /// What a byte order mark says; it has the first word.
    init?(markOf bytes: [UInt8]) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            self = .utf8
        } else if bytes.starts(with: [0xFF, 0xFE]) {
            self = .utf16LittleEndian
        } else if bytes.starts(with: [0xFE, 0xFF]) {
            self = .utf16BigEndian
        } else {
            return nil
        }
    }

    /// The label in a `<meta>` of the first 1024 bytes (HTML, 13.2.3.2); nil when there is none.
    static func label(inMetaOf bytes: [UInt8]) -> String? {
        let head = String(decoding: bytes.prefix(1024), as: UTF8.self).lowercased()
        let match = head.firstMatch(of: #/<meta[^>]*charset\s*=\s*["']?\s*([a-z0-9_.:-]+)/#)
        // Whoever could read so far has not read UTF-16.
        return match.map { $0.1.hasPrefix("utf-16") ? "utf-8" : String($0.1) }
    }

    /// What is no character becomes U+FFFD, and so does U+0000, which would end a C string.
    ///
    /// A byte order mark goes.
    func text(of bytes: [UInt8]) -> String {
        let text =
            switch self {
            case .utf8: String(decoding: bytes, as: UTF8.self)
            case .utf16LittleEndian: Self.utf16(bytes, highFirst: false)
            case .utf16BigEndian: Self.utf16(bytes, highFirst: true)
            case .windows1252: Self.western(bytes)
            }
        var scalars = text.unicodeScalars
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        if scalars.contains("\0") { scalars = .init(scalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }) }
        return String(scalars)
    }

    private static func utf16(_ bytes: [UInt8], highFirst: Bool) -> String {
        let units = stride(from: 0, to: bytes.count - 1, by: 2).map { position in
            let (first, second) = (UInt16(bytes[position]), UInt16(bytes[position + 1]))
            return highFirst ? first << 8 | second : second << 8 | first
        }
        return String(decoding: units, as: UTF16.self)
    }

    private static func western(_ bytes: [UInt8]) -> String {
        var scalars = String.UnicodeScalarView()
        for byte in bytes {
            let isSpecial = 0x80...0x9F ~= byte
            scalars.append(isSpecial ? windows1252Specials[Int(byte) - 0x80] : Unicode.Scalar(byte))
        }
        return String(scalars)
    }

    /// 0x80 to 0x9F; the five that mean nothing stay what they are.
    private static let windows1252Specials: [Unicode.Scalar] = [
        "\u{20AC}", "\u{81}", "\u{201A}", "\u{192}", "\u{201E}", "\u{2026}", "\u{2020}", "\u{2021}",
        "\u{2C6}", "\u{2030}", "\u{160}", "\u{2039}", "\u{152}", "\u{8D}", "\u{17D}", "\u{8F}",
        "\u{90}", "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}", "\u{2022}", "\u{2013}", "\u{2014}",
        "\u{2DC}", "\u{2122}", "\u{161}", "\u{203A}", "\u{153}", "\u{9D}", "\u{17E}", "\u{178}",
    ]
}
