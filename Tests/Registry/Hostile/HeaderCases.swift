@testable import Registry

/// Attacks by tar's headers and extensions that two readers could read differently.
enum HeaderCases {
    private static func put(_ text: String, _ offset: Int) -> @Sendable (inout [UInt8]) -> Void {
        { $0.replaceSubrange(offset..<(offset + text.utf8.count), with: text.utf8) }
    }

    static let listed: [HostileCase] = [
        .extension_("27 a negative size", [("size", "-1")], "no decimal number"),
        .extension_("27 a size past 2^63", [("size", "9223372036854775808")], "no decimal number"),
        .extension_("27 a size past 2^64", [("size", "18446744073709551617")], "no decimal number"),
        .extension_("27 a size in hex", [("size", "0x1")], "no decimal number"),
        .extension_("27 a size with a sign", [("size", "+1")], "no decimal number"),
        .extension_("27 a size with a blank", [("size", " 1")], "no decimal number"),
        .extension_("27 a size with a fraction", [("size", "1.0")], "no decimal number"),
        .extension_("27 no size", [("size", "")], "no decimal number"),
        HostileCase("27 a path of a gigabyte that is not there", "ends inside a file") {
            $0.append { $0.entry(Array("PaxHeaders/x".utf8), kind: "x", size: 1 << 30) }
        },
        .extension_("27 a path of a megabyte", [("path", String(repeating: "a", count: 1 << 20))], "too long"),
        .kind("28 GNU long name", "L", "\"././@LongLink\" is a GNU extension", name: "././@LongLink"),
        .kind("28 GNU long link", "K", "is a GNU extension", name: "././@LongLink"),
        .kind("28 GNU sparse", "S", "\"share/x\" is a GNU extension"),
        .kind("28 GNU multi-volume", "M", "\"share/x\" is a GNU extension"),
        .kind("28 GNU volume label", "V", "\"share/x\" is a GNU extension"),
        .kind("28 GNU folder listing", "D", "\"share/x\" is a GNU extension"),
        .kind("28 unknown kind Z", "Z", "\"share/x\" is of an unknown kind (\"Z\")"),
        .kind("29 a global extension", "g", "is a global extension", name: "pax_global_header"),
        HostileCase("29 a global path", "is a global extension") {
            $0.append { $0.extended([("path", "share/y")], kind: "g") }
        },
        HostileCase("30 a wrong checksum", "wrong checksum") { release in
            release.list("share/x", [1])
            release.append { tar in
                var other = TarMaker()
                other.file("share/x", [1])
                var bytes = other.bytes
                bytes[0] ^= 1
                tar.append(bytes)
            }
        },
        .header("30 V7 magic", "not in ustar format") {
            $0.replaceSubrange(257..<265, with: [UInt8](repeating: 0, count: 8))
        },
        .header("31 a size of 2^63 in base 256", "no octal number") {
            $0.replaceSubrange(124..<136, with: [0x80, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0])
        },
        .header("31 a size of 1 in base 256", "no octal number") {
            $0.replaceSubrange(124..<136, with: [0x80] + [UInt8](repeating: 0, count: 10) + [1])
        },
        .header("31 a size of -1 in base 256", "no octal number") {
            $0.replaceSubrange(124..<136, with: [UInt8](repeating: 0xff, count: 12))
        },
    ]

    static let more: [HostileCase] = [
        .header("old GNU magic", "not in ustar format", put("ustar  \u{0}", 257)),
        .header("a version other than 00", "not in ustar format", put("01", 263)),
        .header("star's magic at the end", "behind the end of a name", put("tar\u{0}", 508)),
        .header("star's times in the prefix", "behind the end of a name", put("\u{0}00000000000 00000000000 ", 475)),
        .header("a negative size", "no octal number", put("-", 124)),
        .header("a size with blanks before", "no octal number", put("          1", 124)),
        .header("a size that is not octal", "no octal number", put("00000000008", 124)),
        .header("a size with text behind a NUL", "no octal number", put("00000000001\u{1}", 124)),
        .header("no size", "no octal number") { $0.replaceSubrange(124..<136, with: [UInt8](repeating: 0, count: 12)) },
        .header("a size past the end", "ends inside a file", put("77777777777", 124)),
        .header("a size of 12 digits", "ends inside a file", put("777777777777", 124)),
        .header("the target of a link", "with a link's target", put("/etc/passwd", 157)),
        HostileCase("a checksum with signed bytes", "wrong checksum") { release in
            release.append { $0.append(Self.block(sum: { $0.reduce(0) { $0 + Int(Int8(bitPattern: $1)) } })) }
        },
        HostileCase("a checksum with blanks before", "wrong checksum") { release in
            release.append { $0.append(Self.block(format: { "  " + $0.drop { $0 == "0" } + "\u{0} " })) }
        },
        HostileCase("a checksum without a NUL", "wrong checksum") { release in
            release.append { $0.append(Self.block(format: { $0 + "  " })) }
        },
        .kind("a contiguous file", "7", "\"share/x\" is of an unknown kind (\"7\")"),
        .kind("a V7 file", "\u{0}", "\"share/x\" is a V7 entry"),
        .kind("Solaris's extension", "X", "is of an unknown kind"),
        .kind("Solaris's ACL", "A", "is of an unknown kind"),
        .kind("an inode of HP", "I", "is of an unknown kind"), .kind("a kind of ESC", "\u{1b}", "(\"\\x1b\")"),
        .kind("a folder with content", "5", "has content", name: "share/a/", content: [1]),
        HostileCase("a folder of a size that is not there", "has content") {
            $0.append { $0.entry(Array("share/a/".utf8), kind: "5", size: 512) }
        },
        HostileCase("an extension at the end", "speaks for nothing") {
            $0.append { $0.extended([("path", "share/x")]) }
        },
        HostileCase("two extensions in a row", "follow each other") { release in
            release.list("share/x", [1])
            release.append { tar in
                tar.extended([("mtime", "1")])
                tar.extended([("path", "share/y")])
                tar.file("share/x", [1])
            }
        },
        HostileCase(
            "an extension before all else",
            "its first member is not skill.yaml",
            { release in
                release.start = { $0.extended([("path", "lib/evil.so")]) }
            }
        ),
        HostileCase("an extension of a folder that makes it a file", "slashes") { release in
            release.append { tar in
                tar.extended([("path", "share//x")])
                tar.entry(Array("share/x/".utf8), kind: "5")
            }
        },
        .extension_("an empty extension", raw: [UInt8](), "says nothing"),
        .extension_("a path twice", [("path", "share/a"), ("path", "share/b")], "gives path twice"),
        .extension_("linkpath on a file", [("linkpath", "/etc/passwd")], "gives \"linkpath\""),
        .extension_("hdrcharset", [("hdrcharset", "BINARY")], "gives \"hdrcharset\""),
        .extension_("charset", [("charset", "ISO-IR 8859 1 1998")], "gives \"charset\""),
        .extension_("comment", [("comment", "\u{1b}[2J")], "gives \"comment\""),
        .extension_("GNU.sparse.major", [("GNU.sparse.major", "1")], "gives \"GNU.sparse.major\""),
        .extension_("GNU.sparse.name", [("GNU.sparse.name", "../evil")], "gives \"GNU.sparse.name\""),
        .extension_("GNU.sparse.realsize", [("GNU.sparse.realsize", "1000000000000")], "gives \"GNU.sparse.realsize\""),
        .extension_("GNU.sparse.map", [("GNU.sparse.map", "0,1")], "gives \"GNU.sparse.map\""),
        .extension_("GNU.dumpdir", [("GNU.dumpdir", "Yx")], "gives \"GNU.dumpdir\""),
        .extension_("GNU.volume.label", [("GNU.volume.label", "x")], "gives \"GNU.volume.label\""),
        .extension_("SCHILY.filetype", [("SCHILY.filetype", "link")], "gives \"SCHILY.filetype\""),
        .extension_("SCHILY.realsize", [("SCHILY.realsize", "99")], "gives \"SCHILY.realsize\""),
        .extension_("SCHILY.dev", [("SCHILY.devmajor", "1")], "gives \"SCHILY.devmajor\""),
        .extension_("LIBARCHIVE.creationtime", [("LIBARCHIVE.creationtime", "1")], "gives \"LIBARCHIVE.creationtime\""),
        .extension_("LIBARCHIVE.symlinktype", [("LIBARCHIVE.symlinktype", "file")], "gives \"LIBARCHIVE"),
        .extension_("RHT.security.selinux", [("RHT.security.selinux", "x")], "gives \"RHT.security.selinux\""),
        .extension_("a key of our own", [("PRAXIMOUS.trust", "official")], "gives \"PRAXIMOUS.trust\""),
        .extension_("upper-case PATH", [("PATH", "share/y")], "gives \"PATH\""),
        .extension_("a key with an ESC", raw: "7 \u{1b}[=a\n", "malformed key"),
        .extension_("a time that is none", [("mtime", "x")], "malformed mtime"),
        .extension_("a time past all clocks", [("mtime", "99999999999999999999999")], "malformed mtime"),
        .extension_("an owner that is none", [("uid", "root")], "malformed uid"),
        .extension_("a record of length zero", raw: "0 path=x\n", "wrong length"),
        .extension_("a record past the end", raw: "99 path=x\n", "wrong length"),
        .extension_("a record that is too short", raw: "5 path=x\n", "malformed record"),
        .extension_("a record with a zero before", raw: "011 path=x\n", "wrong length"),
        .extension_("a record with a negative length", raw: "-9 path=x\n", "wrong length"),
        .extension_("a record whose length has no end", raw: String(repeating: "9", count: 400), "wrong length"),
        .extension_("a record without a length", raw: "path=x\n", "wrong length"),
        .extension_("a record without a line feed", raw: "9 path=xy", "malformed record"),
        .extension_("a record without =", raw: "8 pathx\n", "malformed record"),
        .extension_("a record without a key", raw: "7 =xyz\n", "malformed key"),
        .extension_("NULs behind the last record", raw: Array("18 path=share/x.y\n".utf8) + [0, 0], ""),
    ]

    /// A header for an empty share/x with a checksum of its own making.
    private static func block(
        sum: ([UInt8]) -> Int = { $0.reduce(0) { $0 + Int($1) } },
        format: (String) -> String = { $0 + "\u{0} " }
    ) -> [UInt8] {
        var tar = TarMaker()
        tar.entry(Array("share/x".utf8), kind: "0") { $0[329] = 0x80 }
        var block = Array(tar.bytes.prefix(512))
        block.replaceSubrange(148..<156, with: [UInt8](repeating: 0x20, count: 8))
        let digits = String(sum(block), radix: 8)
        let text = String(repeating: "0", count: 6 - digits.count) + digits
        block.replaceSubrange(148..<156, with: format(text).utf8)
        return block
    }
}
