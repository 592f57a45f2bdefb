@testable import Registry

/// Attacks by what is neither file nor folder, and by modes, owners and times.
enum TypeCases {
    static let listed: [HostileCase] = [
        .kind("49 a symbolic link inside", "2", "\"share/x\" is a symbolic link", target: "../README.md"),
        .kind("49 a symbolic link out", "2", "\"share/x\" is a symbolic link", target: "../../../../canary"),
        .kind("49 a symbolic link to /etc", "2", "\"share/x\" is a symbolic link", target: "/etc"),
        .kind("49 a symbolic link without a target", "2", "\"share/x\" is a symbolic link"),
        .kind(
            "49 a symbolic link for the library's folder",
            "2",
            "\"lib/linux-x86_64\"",
            name: "lib/linux-x86_64",
            target: "/tmp"
        ),
        HostileCase("49 a chain of symbolic links", "\"share/a\" is a symbolic link") { release in
            release.append { tar in
                tar.entry(Array("share/a".utf8), kind: "2") { $0.replaceSubrange(157..<159, with: Array("..".utf8)) }
                tar.entry(Array("share/b".utf8), kind: "2") { $0.replaceSubrange(157..<161, with: Array("a/..".utf8)) }
                tar.file("share/b/evil", [1])
            }
        },
        HostileCase("49 a symbolic link by an extension", "gives \"linkpath\"") { release in
            release.append { tar in
                tar.extended([("linkpath", "/etc")])
                tar.entry(Array("share/x".utf8), kind: "2")
            }
        },
        .kind("50 a hard link inside", "1", "\"share/x\" is a hard link", target: "README.md"),
        .kind("50 a hard link out", "1", "\"share/x\" is a hard link", target: "../../canary/passwd"),
        .kind("50 a hard link to /etc/passwd", "1", "\"share/x\" is a hard link", target: "/etc/passwd"),
        .kind("50 a hard link with content", "1", "\"share/x\" is a hard link", target: "README.md", content: [1]),
        HostileCase("50 a hard link to a symbolic link", "\"share/a\" is a symbolic link") { release in
            release.append { tar in
                tar.entry(Array("share/a".utf8), kind: "2") { $0.replaceSubrange(157..<161, with: Array("/etc".utf8)) }
                tar.entry(Array("share/b".utf8), kind: "1") {
                    $0.replaceSubrange(157..<164, with: Array("share/a".utf8))
                }
            }
        },
        .kind("51 a character device", "3", "\"share/x\" is a device"),
        .kind("51 a block device", "4", "\"share/x\" is a device"), .kind("51 a FIFO", "6", "\"share/x\" is a FIFO"),
        .kind("51 a socket", "s", "\"share/x\" is of an unknown kind"),
        .extension_("54 a capability", [("SCHILY.xattr.security.capability", "x")], "gives \"SCHILY.xattr.security"),
        .extension_("54 an xattr", [("SCHILY.xattr.user.x", "x")], "gives \"SCHILY.xattr.user.x\""),
        .extension_(
            "54 an xattr of libarchive",
            [("LIBARCHIVE.xattr.user.x", "eA")],
            "gives \"LIBARCHIVE.xattr.user.x\""
        ),
        .extension_("54 an ACL", [("SCHILY.acl.access", "user::rwx")], "gives \"SCHILY.acl.access\""),
        .extension_("54 an ACL by default", [("SCHILY.acl.default", "x")], "gives \"SCHILY.acl.default\""),
        .extension_("54 SELinux", [("SCHILY.xattr.security.selinux", "x")], "gives \"SCHILY.xattr.security.seli"),
        .extension_("54 flags", [("SCHILY.fflags", "schg")], "gives \"SCHILY.fflags\""),
    ]

    /// Headers that lie about what does not count: installed all the same, as any other file.
    static let ignored: [HostileCase] =
        ["0004755", "0002755", "0001777", "0000777", "0000000", "0007777"].map { mode in
            .header("52 mode \(mode)", "") { $0.replaceSubrange(100..<107, with: Array(mode.utf8)) }
        } + [
            .header("53 owner 4294967295", "") { block in
                block.replaceSubrange(108..<116, with: [0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff])
                block.replaceSubrange(116..<124, with: [0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff])
            },
            .header("53 root by name", "") { block in
                block.replaceSubrange(265..<269, with: Array("root".utf8))
                block.replaceSubrange(297..<301, with: Array("root".utf8))
            },
            .extension_("53 an owner by an extension", [("uid", "0"), ("gid", "4294967295"), ("uname", "root")], ""),
            .header("a mode that is no number", "") { $0.replaceSubrange(100..<103, with: Array("xyz".utf8)) },
            .header("an owner below zero", "") { $0.replaceSubrange(108..<110, with: Array("-1".utf8)) },
            .header("a size with blanks behind", "") {
                $0.replaceSubrange(124..<136, with: Array("1           ".utf8))
            },
            .header("numbers of a device", "") { $0.replaceSubrange(329..<336, with: Array("0000001".utf8)) },
            .header("55 the year 9999", "") { $0.replaceSubrange(136..<147, with: Array("77777777777".utf8)) },
            .header("55 before 1970", "") { $0.replaceSubrange(136..<148, with: [UInt8](repeating: 0xff, count: 12)) },
            .extension_("55 the year 1901 by an extension", [("mtime", "-2177452800.5")], ""),
            .extension_("55 the year 9999 by an extension", [("mtime", "253402300799"), ("atime", "0")], ""),
            .extension_("a name by an extension", [("path", "share/x")], ""),
        ]
}
