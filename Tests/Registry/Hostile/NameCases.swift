@testable import Registry

/// Attacks by the names of files.
enum NameCases {
    private static func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    static let listed: [HostileCase] = [
        .name("33 ../evil", "../evil", "\"../evil\" is not accepted: . and .. are not allowed"),
        .name("33 share/../evil", "share/../evil", "\"share/../evil\""),
        .extendedName("33 ../evil by an extension", "../evil", "\"../evil\""),
        .name("34 a/../../evil", "a/../../evil", "\"a/../../evil\""),
        .name("34 share/../../evil", "share/../../evil", "\"share/../../evil\""),
        .name("35 /etc/cron.d/x", "/etc/cron.d/x", "\"/etc/cron.d/x\""),
        .name("35 //etc/cron.d/x", "//etc/cron.d/x", "\"//etc/cron.d/x\""),
        .extendedName("35 /etc/cron.d/x by an extension", "/etc/cron.d/x", "\"/etc/cron.d/x\""),
        .name("36 C:\\x", "C:\\x", "\"C:\\\\x\""),
        .name("36 \\\\host\\x", "\\\\host\\x", "\"\\\\\\\\host\\\\x\""),
        .name("36 a\\..\\b", "a\\..\\b", "\"a\\\\..\\\\b\""),
        .name("36 share\\x", "share\\x", "backslashes"),
        .name("36 share/C:x", "share/C:x", "colons"),
        .name("37 ./././x", "./././x", "\"./././x\""),
        .name("37 ./share/x", "./share/x", "\"./share/x\""),
        .name("37 share//x", "share//x", "\"share//x\""),
        .name("37 share/./x", "share/./x", "\"share/./x\""),
        .name("37 share/x/ as a file", "share/x/", "\"share/x/\""),
        .extendedName("37 share/x/ as a file by an extension", "share/x/", "\"share/x/\""),
        .name("38 no name", "", "\"\" is not accepted: it is empty"),
        .extendedName("38 no name by an extension", "", "it is empty"),
        .name("38 .", ".", "\".\""), .name("38 ..", "..", "\"..\""), .name("38 share/.", "share/.", "\"share/.\""),
        .extendedName("39 a NUL by an extension", Array("share/a\u{0}b".utf8), "a path with a NUL"),
        .extendedName("39 a NUL at the end", Array("share/a\u{0}".utf8), "a path with a NUL"),
        .name("39 a NUL in the header's name", bytes: Array("share/a\u{0}b".utf8), "behind the end of a name"),
        .name("40 \\n", "share/a\nb", "\"share/a\\nb\""), .name("40 \\r", "share/a\rb", "\"share/a\\x0db\""),
        .name("40 ESC", "share/\u{1b}[2J", "\"share/\\x1b[2J\""),
        .name("40 a title for the terminal", "share/\u{1b}]0;x\u{7}", "\\x1b]0;x\\x07"),
        .name("40 an 8-bit control", "share/\u{9b}2J", "\\x9b2J"), .name("40 DEL", "share/\u{7f}", "\\x7f"),
        .name("40 a tab", "share/a\tb", "\\x09"),
        .name("41 invalid UTF-8", bytes: Array("share/".utf8) + [0xff, 0xfe], "\\u{fffd}"),
        .name("41 an overlong slash", bytes: Array("share".utf8) + [0xc0, 0xaf] + Array("x".utf8), "\\u{fffd}"),
        .name("41 an overlong dot", bytes: [0xc0, 0xae, 0xc0, 0xae] + Array("/x".utf8), "\\u{fffd}"),
        .name("41 half of a surrogate pair", bytes: Array("share/".utf8) + [0xed, 0xa0, 0x80], "\\u{fffd}"),
        HostileCase("42 NFC and NFD", "\\xe9") {
            $0.add("share/\u{e9}", [1])
            $0.add("share/e\u{301}", [1])
        },
        .name("42 NFD alone", "share/e\u{301}", "\\u{301}"),
        HostileCase("43 skill.so and Skill.so", "only in upper and lower case") {
            $0.add("lib/Skill.so", [1])
            $0.add("lib/skill.so", [1])
        },
        HostileCase("43 folders share/A and share/a", "only in upper and lower case") {
            $0.add("share/A/x", [1])
            $0.add("share/a/y", [1])
        },
        .name("43 LIB/x", "LIB/x", "\"LIB/x\""), .name("43 Skill.yaml", "Skill.yaml", "\"Skill.yaml\""),
        .name("44 right to left", "share/\u{202e}gpj.exe", "\\u{202e}"),
        .name("44 a joiner of no width", "share/a\u{200d}b", "\\u{200d}"),
        .name("44 a byte order mark", "share/\u{feff}a", "\\u{feff}"),
        .extendedName("45 a part of 256 bytes", "share/" + repeated("a", 256), "longer than 255"),
        .extendedName(
            "45 a path of 5 KiB",
            "share/" + repeated(repeated("a", 250) + "/", 20) + "x",
            "longer than 4096"
        ),
        .name("45 17 deep", "share/" + repeated("d/", 15) + "x", "deeper than 16"),
        HostileCase("46 META/MANIFEST.json twice", "\"META/MANIFEST.json\" is not accepted: it appears twice") {
            $0.append { $0.file("META/MANIFEST.json", []) }
        },
        HostileCase("46 META/MANIFEST.sig twice", "it appears twice") {
            $0.append { $0.file("META/MANIFEST.sig", []) }
        },
        HostileCase("46 skill.yaml twice", "it appears twice") { $0.append { $0.file("skill.yaml", []) } },
        HostileCase("46 the library twice", "it appears twice") { release in
            let entry = release.package.entry
            release.append { $0.file(entry, []) }
        },
        HostileCase("46 a name twice by an extension", "it appears twice") { release in
            release.append { tar in
                tar.extended([("path", "README.md")])
                tar.file("share/x", [])
            }
        },
        HostileCase("46 a folder twice", "it appears twice") { release in
            release.append { tar in
                tar.entry(Array("share/a/".utf8), kind: "5")
                tar.entry(Array("share/a/".utf8), kind: "5")
            }
        },
        HostileCase("47 a file, then below it", "same name") {
            $0.add("share/a", [1])
            $0.add("share/a/b", [1])
        },
        HostileCase("47 below a folder, then a file", "a file and a folder") {
            $0.add("share/a/b", [1])
            $0.add("share/a", [1])
        },
        HostileCase("47 a folder, then a file", "a file and a folder") { release in
            release.append { $0.entry(Array("share/a/".utf8), kind: "5") }
            release.append { $0.file("share/a", []) }
        },
        HostileCase("47 a file, then a folder", "it appears twice") { release in
            release.append { $0.file("share/a", []) }
            release.append { $0.entry(Array("share/a/".utf8), kind: "5") }
        },
        .name("48 .git/hooks/x", ".git/hooks/x", "\".git/hooks/x\""),
        .name("48 .ssh/authorized_keys", ".ssh/authorized_keys", "\".ssh/authorized_keys\""),
        .name("48 Makefile", "Makefile", "\"Makefile\""), .name("48 etc/passwd", "etc/passwd", "\"etc/passwd\""),
        .name("48 META/extra", "META/extra", "META/ holds"),
    ]

    static let more: [HostileCase] = [
        .name("a trailing dot", "share/x.", "blank or dot"), .name("a trailing blank", "share/x ", "blank"),
        .name("a leading blank", "share/ x", "blank"), .name("a stream of NTFS", "share/x:stream", "colons"),
        .name("three dots", "share/...", "blank or dot"), .name("a blank folder", "share/ /x", "blank"),
        .name("..;/x", "..;/x", "a package holds"), .name("a percent sign", "%2e%2e/evil", "a package holds"),
        .name("a device of Windows", "share/CON", "device"),
        .name("a device with an ending", "share/nul.txt", "device"),
        .name("a device as a folder", "share/aux/x", "device"), .name("a numbered device", "share/com1.log", "device"),
        .name("a pattern of the shell", "share/*", "< > | ? * and quotation marks"),
        .name("a question mark", "share/a?", "< > | ? * and quotation marks"),
        .name("a redirection", "share/a>b", "< > | ? * and quotation marks"),
        .name("a pipe", "share/a|b", "< > | ? * and quotation marks"),
        .name("a quotation mark", "share/a\"b", "< > | ? * and quotation marks"),
        .name("our own temporary file", ".package.tar", "a package holds"),
        .name("a Kelvin sign", "share/\u{212a}", "\\u{212a}"), .name("a dotless i", "share/\u{131}", "\\u{131}"),
        .name("a sharp s", "share/\u{df}", "\\xdf"), .name("a ligature", "share/\u{fb01}", "\\u{fb01}"),
        .name("a wide slash", "share\u{ff0f}x", "\\u{ff0f}"), .name("a wide dot", "\u{ff0e}\u{ff0e}/x", "\\u{ff0e}"),
        .name("a line separator", "share/a\u{2028}b", "\\u{2028}"),
        .header("a prefix that leads out", "\"../x/share/x\"") {
            $0.replaceSubrange(345..<349, with: Array("../x".utf8))
        },
        .header("a prefix that is absolute", "\"/etc/share/x\"") {
            $0.replaceSubrange(345..<349, with: Array("/etc".utf8))
        },
        .header("a prefix that ends with a slash", "\"lib//share/x\"") {
            $0.replaceSubrange(345..<349, with: Array("lib/".utf8))
        },
        .header("a NUL in the prefix", "behind the end of a name") {
            $0.replaceSubrange(345..<350, with: [0x6c, 0, 0x78, 0, 0])
        },
        .header("a prefix without a name", "\"share/x/\"") { block in
            block.replaceSubrange(0..<100, with: [UInt8](repeating: 0, count: 100))
            block.replaceSubrange(345..<352, with: Array("share/x".utf8))
        },
        .header("bytes behind the prefix", "behind the end of a name") { $0[511] = 1 },
        .header("bytes behind the name", "behind the end of a name") { $0[50] = 0x41 },
        HostileCase("a folder that leads out", "\"../evil\"") { release in
            release.append { $0.entry(Array("../evil/".utf8), kind: "5") }
        },
        HostileCase("a folder with two slashes at its end", "slashes may only") { release in
            release.append { $0.entry(Array("share/a//".utf8), kind: "5") }
        },
        HostileCase("a folder without a name", "it is empty") { release in
            release.append { $0.entry(Array("/".utf8), kind: "5") }
        },
        HostileCase("a folder named .", ". and ..") { release in
            release.append { $0.entry(Array("./".utf8), kind: "5") }
        },
        HostileCase("a folder for skill.yaml", "a package holds") { release in
            release.append { $0.entry(Array("skill.yaml/".utf8), kind: "5") }
        },
        HostileCase("a folder below META", "META/ holds") { release in
            release.append { $0.entry(Array("META/x/".utf8), kind: "5") }
        },
        HostileCase("the list below another spelling of META", "\"meta/MANIFEST.json\"") { release in
            release.append { $0.file("meta/MANIFEST.json", []) }
        },
    ]
}
