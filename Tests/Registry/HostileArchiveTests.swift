import Core
import Foundation
import Testing

@testable import Registry

/// A package that is signed by a trusted key all the same: what is refused here is refused for its form.
struct HostileArchive: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Part of the sentence that says why.
    let reason: String
    /// Adds to a good tar, before its end.
    var change: @Sendable (inout TarMaker) -> Void = { _ in }
    /// Changes the whole file.
    var packed: @Sendable ([UInt8]) -> [UInt8] = { Gzip.member($0) }
    var hasEnd = true

    static func member(_ what: String, _ kind: Character, _ reason: String, name: String = "share/x") -> HostileArchive
    {
        HostileArchive(testDescription: what, reason: reason) { $0.entry(Array(name.utf8), kind: kind) }
    }

    static func header(_ what: String, _ reason: String, _ change: @escaping @Sendable (inout [UInt8]) -> Void)
        -> HostileArchive
    {
        HostileArchive(testDescription: what, reason: reason) { $0.file("share/x", [1], header: change) }
    }

    static func pax(_ what: String, _ records: [(String, String)], _ reason: String) -> HostileArchive {
        HostileArchive(testDescription: what, reason: reason) {
            $0.extended(records)
            $0.file("share/x", [1])
        }
    }

    static func raw(_ what: String, _ bytes: String, _ reason: String) -> HostileArchive {
        HostileArchive(testDescription: what, reason: reason) {
            $0.extended(raw: Array(bytes.utf8))
            $0.file("share/x", [1])
        }
    }
}

@Suite("Hostile archives are refused")
struct HostileArchiveTests {
    @Test(
        "for kinds that are neither file nor folder",
        arguments: [
            HostileArchive.member("symbolic link", "2", "is a symbolic link"),
            .member("hard link", "1", "is a hard link"),
            .member("character device", "3", "is a device"), .member("block device", "4", "is a device"),
            .member("FIFO", "6", "is a FIFO"), .member("contiguous file", "7", "of an unknown kind"),
            .member("unknown kind", "Z", "of an unknown kind (\"Z\")"),
            .member("global extension", "g", "is a global extension"),
            .member("GNU long name", "L", "is a GNU extension"), .member("GNU long link", "K", "is a GNU extension"),
            .member("GNU sparse", "S", "is a GNU extension"), .member("GNU volume", "V", "is a GNU extension"),
            .member("GNU multi-volume", "M", "is a GNU extension"), .member("V7 file", "\u{0}", "is a V7 entry"),
        ]
    )
    func kinds(_ archive: HostileArchive) async throws { try await check(archive) }

    @Test(
        "for headers that two readers could read differently",
        arguments: [
            HostileArchive.header("V7 magic", "not in ustar format") {
                $0.replaceSubrange(257..<265, with: [UInt8](repeating: 0, count: 8))
            },
            .header("GNU magic", "not in ustar format") {
                $0.replaceSubrange(257..<265, with: Array("ustar  \u{0}".utf8))
            },
            .header("base-256 size", "no octal number") { $0[124] = 0x80 },
            .header("negative size", "no octal number") { $0[124] = UInt8(ascii: "-") },
            .header("no size", "no octal number") {
                $0.replaceSubrange(124..<136, with: [UInt8](repeating: 0, count: 12))
            },
            .header("size past the end", "ends inside a file") {
                $0.replaceSubrange(124..<135, with: Array("77777777777".utf8))
            },
            .header("link target", "with a link's target") { $0.replaceSubrange(157..<160, with: Array("/et".utf8)) },
            .header("data behind a name", "data behind the end of a name") { $0[50] = 0x41 },
            .header("folder with content", "folder in the tar has content") { $0[156] = UInt8(ascii: "5") },
            HostileArchive(testDescription: "wrong checksum", reason: "wrong checksum") { tar in
                var other = TarMaker()
                other.file("share/x", [1])
                var bytes = other.bytes
                bytes[0] ^= 1
                tar.append(bytes)
            },
        ]
    )
    func headers(_ archive: HostileArchive) async throws { try await check(archive) }

    @Test(
        "for extensions that say something else than their header",
        arguments: [
            HostileArchive.pax("size 0 over a file of 1", [("size", "0")], "two different sizes"),
            .pax("size past 2^63", [("size", "9223372036854775808")], "no decimal number"),
            .pax("negative size", [("size", "-1")], "no decimal number"),
            .pax("size in hex", [("size", "0x1")], "no decimal number"),
            .pax("link path", [("linkpath", "/etc/passwd")], "gives \"linkpath\""),
            .pax("xattr", [("SCHILY.xattr.security.capability", "x")], "gives \"SCHILY.xattr.security"),
            .pax("ACL", [("SCHILY.acl.access", "x")], "gives \"SCHILY.acl.access\""),
            .pax("sparse map", [("GNU.sparse.major", "1")], "gives \"GNU.sparse.major\""),
            .pax("character set", [("hdrcharset", "BINARY")], "gives \"hdrcharset\""),
            .pax("path twice", [("path", "share/a"), ("path", "share/b")], "gives path twice"),
            .pax("path out of the folder", [("path", "../../evil")], ". and .. are not allowed"),
            .pax("absolute path", [("path", "/etc/cron.d/x")], "slashes may only stand"),
            .pax("path with NUL", [("path", "share/a\u{0}b")], "path with a NUL"),
            .raw("length of zero", "0 path=x\n", "wrong length"),
            .raw("length past the end", "99 path=x\n", "wrong length"),
            .raw("no length", "path=x\n", "wrong length"), .raw("no line feed", "9 path=xy", "malformed record"),
            .raw("no key", "7 =xyz\n", "malformed key"),
            HostileArchive(testDescription: "nothing after it", reason: "speaks for nothing") {
                $0.extended([("path", "share/x")])
            },
            HostileArchive(testDescription: "two in a row", reason: "follow each other") {
                $0.extended([("path", "share/x")])
                $0.extended([("path", "share/y")])
                $0.file("share/x", [])
            },
            HostileArchive(testDescription: "of a megabyte", reason: "too long") {
                $0.extended([("path", String(repeating: "a", count: 1 << 20))])
            },
        ]
    )
    func extensions(_ archive: HostileArchive) async throws { try await check(archive) }

    @Test(
        "for names",
        arguments: [
            ("../evil", ". and .."), ("share/../../evil", ". and .."), ("/etc/cron.d/x", "slashes may only"),
            ("C:\\x", "colons"), ("share\\..\\b", "backslashes"), ("share/\\\\host\\x", "backslashes"),
            ("./share/x", ". and .."),
            ("share//x", "slashes may only"), ("share/x/", "slashes may only"), ("", "it is empty"), (".", ". and .."),
            ("..", ". and .."), ("share/a\nb", "printable ASCII"), ("share/\u{1b}[2J", "printable ASCII"),
            ("share/\u{202e}gpj.exe", "printable ASCII"), ("share/\u{200d}", "printable ASCII"),
            ("share/é", "printable ASCII"),
            (".git/hooks/x", "a package holds"), (".ssh/authorized_keys", "a package holds"),
            ("etc/passwd", "a package holds"),
            ("Makefile", "a package holds"), ("META/extra", "META/ holds"), ("share/x.", "blank or dot"),
            ("share/ x", "blank"), ("Skill.yaml", "a package holds"),
            ("share/" + String(repeating: "d/", count: 16) + "x", "deeper"),
        ]
    )
    func names(_ name: String, _ reason: String) async throws {
        try await check(
            HostileArchive(testDescription: name, reason: reason) { $0.entry(Array(name.utf8), kind: "0", [1]) }
        )
    }

    @Test("for names too long, by way of an extension")
    func longNames() async throws {
        let part = String(repeating: "a", count: 256)
        try await check(.pax("part", [("path", "share/" + part)], "longer than 255"))
        let path = "share/" + Array(repeating: String(repeating: "a", count: 250), count: 20).joined(separator: "/")
        try await check(.pax("path", [("path", path)], "longer than 4096"))
    }

    @Test(
        "for names that stand for two things",
        arguments: [
            HostileArchive(testDescription: "the signed list twice", reason: "it appears twice") {
                $0.file("META/MANIFEST.json", [])
            },
            HostileArchive(testDescription: "skill.yaml twice", reason: "it appears twice") {
                $0.file("skill.yaml", [])
            },
            HostileArchive(testDescription: "case twins", reason: "only in upper and lower case") {
                $0.file("share/Skill", [])
                $0.file("share/skill", [])
            },
            HostileArchive(testDescription: "case twins of folders", reason: "only in upper and lower case") {
                $0.file("share/A/x", [])
                $0.file("share/a/y", [])
            },
            HostileArchive(testDescription: "file, then folder", reason: "same name") {
                $0.file("share/a", [])
                $0.file("share/a/b", [])
            },
            HostileArchive(testDescription: "folder, then file", reason: "a file and a folder") {
                $0.file("share/a/b", [])
                $0.file("share/a", [])
            },
            HostileArchive(testDescription: "folder twice", reason: "it appears twice") {
                $0.entry(Array("share/a/".utf8), kind: "5")
                $0.entry(Array("share/a/".utf8), kind: "5")
            },
        ]
    )
    func twins(_ archive: HostileArchive) async throws { try await check(archive) }

    @Test(
        "for what stands around the files",
        arguments: [
            HostileArchive(testDescription: "no end mark", reason: "no end mark", hasEnd: false),
            HostileArchive(
                testDescription: "one zero block",
                reason: "no end mark",
                change: {
                    $0.append([UInt8](repeating: 0, count: 512))
                },
                hasEnd: false
            ),
            HostileArchive(
                testDescription: "a file after the end",
                reason: "follows the end mark",
                change: {
                    $0.end()
                    $0.file("share/x", [1])
                }
            ),
            HostileArchive(
                testDescription: "one byte after the end",
                reason: "follows the end mark",
                change: {
                    $0.end()
                    $0.append([UInt8](repeating: 0, count: 511) + [1])
                }
            ),
            HostileArchive(
                testDescription: "bytes in the padding",
                reason: "behind the end of a file",
                change: {
                    var other = TarMaker()
                    other.file("share/x", [1])
                    var bytes = other.bytes
                    bytes[1000] = 1
                    $0.append(bytes)
                }
            ),
            HostileArchive(
                testDescription: "cut tar",
                reason: "ends inside",
                packed: { Gzip.member(Array($0.dropLast(1124))) }
            ),
            HostileArchive(
                testDescription: "cut gzip",
                reason: "damaged",
                packed: { Array(Gzip.member($0).dropLast(100)) }
            ),
            HostileArchive(
                testDescription: "gzip without its trailer",
                reason: "",
                packed: { Array(Gzip.member($0).dropLast(8)) }
            ),
            HostileArchive(
                testDescription: "wrong checksum",
                reason: "",
                packed: {
                    var bytes = Gzip.member($0)
                    bytes[bytes.count - 8] ^= 1
                    return bytes
                }
            ),
            HostileArchive(
                testDescription: "bytes after the gzip",
                reason: "data follows",
                packed: { Gzip.member($0) + [1, 2, 3] }
            ),
            HostileArchive(
                testDescription: "a trailer after the gzip",
                reason: "data follows",
                packed: {
                    let bytes = Gzip.member($0)
                    return bytes + bytes.suffix(8)
                }
            ),
            HostileArchive(
                testDescription: "two gzip members",
                reason: "exactly one gzip member",
                packed: {
                    Gzip.member(Array($0.prefix(512))) + Gzip.member(Array($0.dropFirst(512)))
                }
            ),
            HostileArchive(
                testDescription: "a hidden gzip member",
                reason: "",
                packed: { Gzip.member($0) + Gzip.member($0) }
            ),
            HostileArchive(
                testDescription: "gzip in gzip",
                reason: "compressed twice",
                packed: { Gzip.member(Gzip.member($0)) }
            ),
            HostileArchive(testDescription: "a bare tar", reason: "neither gzip nor Zstandard", packed: { $0 }),
            HostileArchive(testDescription: "an empty file", reason: "neither gzip nor Zstandard", packed: { _ in [] }),
            HostileArchive(
                testDescription: "a zip",
                reason: "neither gzip nor Zstandard",
                packed: { _ in Array("PK\u{3}\u{4}".utf8) }
            ),
            HostileArchive(
                testDescription: "a broken Zstandard frame",
                reason: "one Zstandard frame",
                packed: { _ in
                    [0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x01, 0x01, 0x00, 0x00, 0x61, 0x00]
                }
            ),
            HostileArchive(
                testDescription: "a file that is not in the list",
                reason: "\"share/x\" is not in the signed list",
                change: {
                    $0.file("share/x", [1])
                }
            ),
        ]
    )
    func surroundings(_ archive: HostileArchive) async throws { try await check(archive) }

    @Test("when something follows a Zstandard frame, and accepted when nothing does")
    func zstandard() async throws {
        let store = try TestStore()
        var tar = try TestPackage().tar(key: store.key)
        tar.end()
        let frame = Zstandard.frame(tar.bytes)
        for hidden in [frame, Zstandard.skippable([1, 2, 3]), [0]] {
            let path = try store.folder.write("hidden.tar.zst", frame + hidden)
            let error = try await store.refusal(path)
            #expect(error?.message.contains("not exactly one Zstandard frame") == true)
        }
        let cut = try store.folder.write("cut.tar.zst", Array(frame.dropLast()))
        #expect(try await store.refusal(cut)?.exitCode == .verificationFailed)
        try await store.install(store.folder.write("good.tar.zst", frame))
        #expect(store.installed == ["acme/hello 1.0.0"])
    }

    @Test("for a bomb of gzip, before it has gone off", .timeLimit(.minutes(1)))
    func bomb() async throws {
        let zeros = Process()
        let folder = try TemporaryFolder()
        zeros.executableURL = URL(filePath: "/bin/sh")
        zeros.arguments = ["-c", "head -c 300000000 /dev/zero | gzip -9 > \(folder.path)/bomb.tar.gz"]
        try zeros.run()
        zeros.waitUntilExit()
        let store = try TestStore()
        let error = try await store.refusal(folder.path + "/bomb.tar.gz")
        #expect(error?.exitCode == .verificationFailed)
        #expect(error?.message == "The package is refused: it unpacks to more than 200 times its size.")
    }

    @Test("for more members than a package has")
    func manyMembers() throws {
        var limits = ArchiveLimits()
        limits.maxMembers = 3
        var tar = try TestPackage().tar(key: TestKeys.store)
        tar.end()
        let temporary = try TemporaryFolder()
        let folder = try Folder.open(temporary.path)
        let file = try folder.createFile("x.tar", mode: 0o600)
        try file.write(tar.bytes)
        #expect(throws: RegistryError.archive("it holds more than 3 members")) {
            try TarScan(file: file, size: tar.bytes.count, limits: limits).members()
        }
    }

    @Test("but what is merely odd is not: owners, times, modes, folders, long names")
    func harmless() async throws {
        let store = try TestStore()
        var package = TestPackage()
        let long = "share/" + String(repeating: "a", count: 150) + "/notes..md"
        package.others = [(long, [1, 2, 3])]
        let files = try package.files()
        let list = package.list(files)
        var tar = TarMaker()
        tar.file("skill.yaml", files[0].1) { $0.replaceSubrange(100..<107, with: Array("0007777".utf8)) }
        tar.file("META/MANIFEST.json", list) { block in
            block.replaceSubrange(108..<116, with: [0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff])
            block.replaceSubrange(265..<269, with: Array("root".utf8))
        }
        tar.file("META/MANIFEST.sig", SignatureFile.signing(list, as: .manifest, with: store.key).encoded())
        tar.entry(Array("lib/".utf8), kind: "5")
        tar.extended([("mtime", "-12345.5"), ("uid", "4294967295")])
        tar.file(package.entry, files[1].1)
        tar.extended([("path", long)])
        tar.file("share/short", [1, 2, 3])
        tar.end()
        tar.append([UInt8](repeating: 0, count: 512 * 17))
        let path = try store.folder.write("odd.tar.gz", Gzip.member(tar.bytes))
        try await store.install(path)
        #expect(store.installed == ["acme/hello 1.0.0"])
        #expect(try Verification(layout: store.layout, policy: store.policy).verify(nil).allSatisfy(\.isIntact))
    }

    private func check(_ archive: HostileArchive) async throws {
        let store = try TestStore()
        var tar = try TestPackage().tar(key: store.key)
        archive.change(&tar)
        if archive.hasEnd { tar.end() }
        let path = try store.folder.write("hostile.tar.gz", archive.packed(tar.bytes))
        let outside = store.folder.names().filter { !$0.hasPrefix("root") }
        let error = try #require(try await store.refusal(path))
        #expect(error.exitCode == .verificationFailed)
        #expect(archive.reason.isEmpty || error.message.contains(archive.reason), "\(error.message)")
        // Nothing of a name may reach a terminal as it is; the ellipsis is ours.
        #expect(error.message.unicodeScalars.allSatisfy { (" "..."~").contains($0) || $0 == "…" })
        #expect(store.folder.names().filter { !$0.hasPrefix("root") } == outside)
    }
}
