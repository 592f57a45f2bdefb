import Core
import Foundation
import PraximousJSON

@testable import Registry

/// Attacks by what is in the files: skill.yaml, the signed list, signatures.
enum ContentCases {
    private static let arch = HostileStore.arch

    static let listed: [HostileCase] = [
        HostileCase("56 another name in skill.yaml and the list", "the index says acme/hello 1.1.0") { release in
            release.package.name = "acme/other"
            release.replace("skill.yaml", with: Array(release.package.manifest.utf8))
        },
        HostileCase("56 another version in skill.yaml and the list", "the index says acme/hello 1.1.0") { release in
            release.changeVersion = { $0["version"] = "1.1.0" }
            release.package.version = "1.2.0"
            release.replace("skill.yaml", with: Array(release.package.manifest.utf8))
        },
        .manifest(
            "56 another name in skill.yaml",
            "META/MANIFEST.json says acme/hello 1.1.0",
            replacing: "acme/hello",
            with: "acme/other"
        ),
        .manifest("56 another version in skill.yaml", "META/MANIFEST.json says", replacing: "1.1.0", with: "1.0.9"),
        .library("56 another id in the library", "acme/other") {
            try HelloLibrary.compile(spoil: "plugin.id = PRAX_STR(\"acme/other\")")
        },
        .library("56 another version in the library", "9.9.9") {
            try HelloLibrary.compile(spoil: "plugin.version = PRAX_STR(\"9.9.9\")")
        },
        HostileCase("57 a billion laughs", "aliases") { $0.replace("skill.yaml", with: Array(Self.laughs.utf8)) },
        .yaml("57 a tag of Python", "tags (!", "evil: !!python/object/apply:os.system [\"id\"]"),
        .yaml("57 a key twice", "is there twice", "task_type: other"),
        .yaml("57 a megabyte", "has more than", "# " + String(repeating: "x", count: 1 << 20)),
        HostileCase("57 a hundred megabytes", "skill.yaml has more than 262144 bytes") { release in
            let text = release.package.manifest + "\n# " + String(repeating: "x", count: 100 << 20)
            release.replace("skill.yaml", with: Array(text.utf8))
        },
        HostileCase("58 a file that is not listed", "\"share/x\" is not in the signed list") { release in
            release.append { $0.file("share/x", [1]) }
        },
        HostileCase("58 a listed file that is missing", "\"share/x\" is missing") { $0.list("share/x", [1]) },
        HostileCase("58 another byte", "\"share/x\" has other content") { release in
            release.list("share/x", [1])
            release.append { $0.file("share/x", [2]) }
        },
        HostileCase("58 a byte more", "\"share/x\" has 2 bytes, signed are 1") { release in
            release.list("share/x", [1])
            release.append { $0.file("share/x", [1, 1]) }
        },
        .signedList("58 another mode", "has mode") { $0.replacing("\"0444\"", with: "\"0555\"") },
    ]

    static let yaml: [HostileCase] = [
        .yaml("a merge key", "merge keys", "base: &b { a: 1 }\nother: { <<: *b }"),
        .yaml("an alias without an anchor", "has no anchor", "other: *nothing"),
        .yaml("an anchor inside itself", "has no anchor before it", "loop: &a [*a]"),
        .yaml("a second document", "expected one document", "---\nname: acme/evil"),
        .yaml("a directive", "not valid YAML", "%TAG ! tag:evil,2000:"),
        .yaml("a tab for indentation", "not valid YAML", "x:\n\t- a"),
        .yaml("a NUL", "NUL", "# \u{0}"),
        .yaml("a control character", "not valid YAML", "# \u{1b}[2J"),
        .yaml(
            "a nest of lists",
            "levels",
            "x: " + String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
        ),
        .yaml(
            "a deep block",
            "levels",
            (0..<100).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n")
        ),
        .yaml("20,000 values", "values", "x: [" + String(repeating: "1,", count: 60_000) + "1]"),
        .yaml("a list as a key", "expected a name as the key", "? [a]\n: b"),
        .yaml("a broken escape", "not valid YAML", "x: \"\\q\""),
        .yaml("a string without an end", "not valid YAML", "x: \"abc"),
        .manifest("a byte order mark", "byte order mark", replacing: "apiVersion", with: "\u{feff}apiVersion"),
        .manifest("a version as a number", "put it in quotes", replacing: "version: 1.1.0", with: "version: 1.10"),
        .manifest("a version in octal", "put it in quotes", replacing: "version: 1.1.0", with: "version: 0o17"),
        .manifest("a version with a v", "v1.1.0", replacing: "version: 1.1.0", with: "version: v1.1.0"),
        .manifest("a version with a leading zero", "01.1.0", replacing: "version: 1.1.0", with: "version: 01.1.0"),
        .manifest("an unknown major of the format", "apiVersion", replacing: "dev/v1", with: "dev/v2"),
        .manifest("a kind that is none", "kind", replacing: "kind: skill", with: "kind: kernel-module"),
        .manifest("a name that leads out", "../hello", replacing: "name: acme/hello", with: "name: ../hello"),
        .manifest("a name in Cyrillic", "\\u{430}", replacing: "name: acme/hello", with: "name: \u{430}cme/hello"),
        .manifest(
            "a library that leads out",
            "../../x.so",
            replacing: "lib/linux-\(arch)/skill.so }",
            with: "../../x.so }"
        ),
        .manifest("an absolute library", "/lib/x.so", replacing: "lib/linux-\(arch)/skill.so }", with: "/lib/x.so }"),
        .manifest("a library that is not there", "which is not there", replacing: "/skill.so }", with: "/other.so }"),
        .manifest(
            "a library that is skill.yaml",
            "skill.yaml is no shared library",
            replacing: "lib/linux-\(arch)/skill.so }",
            with: "skill.yaml }",
            exit: .incompatible
        ),
        .manifest("no name", "expected the key name", replacing: "name: acme/hello", with: "x: y"),
        HostileCase("skill.yaml is empty", "found an empty file") { $0.replace("skill.yaml", with: []) },
        HostileCase("skill.yaml in UTF-16", "UTF-16") { $0.replace("skill.yaml", with: [0xff, 0xfe, 0x61, 0]) },
        HostileCase("skill.yaml in Latin 1", "expected UTF-8") { release in
            release.replace("skill.yaml", with: Array(release.package.manifest.utf8) + [0x23, 0xe9, 0x0a])
        },
        HostileCase("skill.yaml is JSON cut short", "not valid YAML") {
            $0.replace("skill.yaml", with: Array("{\"a\":".utf8))
        },
    ]

    static let list: [HostileCase] = [
        .signedList("a list of format 2", "format") { $0.replacing("\"format\":1", with: "\"format\":2") },
        .signedList("a list of another name", "META/MANIFEST.json says acme/other") {
            $0.replacing("\"acme/hello\"", with: "\"acme/other\"")
        },
        .signedList("a list without files", "has no files") { $0.replacing("\"files\"", with: "\"flies\"") },
        .signedList("a list that is an array", "its format is not 1") { "[" + $0 + "]" },
        .signedList("a list cut short", "cannot be read") { String($0.dropLast()) },
        .signedList("an empty list", "cannot be read") { _ in "" },
        .signedList("data behind the list", "cannot be read") { $0 + "{}" },
        .signedList("a byte order mark before the list", "cannot be read") { "\u{feff}" + $0 },
        .signedList("a key twice", "cannot be read") {
            $0.replacing("\"format\":1", with: "\"format\":1,\"format\":1")
        },
        .signedList("a file twice", "cannot be read") {
            $0.replacing(
                "\"files\":{",
                with: "\"files\":{\"README.md\":{\"sha256\":\"\",\"size\":0,\"mode\":\"0444\"},"
            )
        },
        .signedList("a file that leads out", "\"../evil\"") { Self.entry("../evil", in: $0) },
        .signedList("an absolute file", "\"/etc/passwd\"") { Self.entry("/etc/passwd", in: $0) },
        .signedList("the list in the list", "\"META/MANIFEST.json\"") { Self.entry("META/MANIFEST.json", in: $0) },
        .signedList("an ESC in a name", "\\x1b[2J") { Self.entry("share/\\u001b[2J", in: $0) },
        .signedList("a hash in upper case", "lacks sha256, size or mode") {
            Self.entry("share/x", sha256: String(repeating: "AB", count: 32), in: $0)
        },
        .signedList("a short hash", "lacks sha256, size or mode") { Self.entry("share/x", sha256: "ab", in: $0) },
        .signedList("a negative size", "lacks sha256, size or mode") { Self.entry("share/x", size: "-1", in: $0) },
        .signedList("a size of 2^63", "lacks sha256, size or mode") {
            Self.entry("share/x", size: "9223372036854775808", in: $0)
        },
        .signedList("a size with a fraction", "lacks sha256, size or mode") {
            Self.entry("share/x", size: "1.5", in: $0)
        },
        .signedList("a size as text", "lacks sha256, size or mode") { Self.entry("share/x", size: "\"1\"", in: $0) },
        .signedList("a mode that is no number", "lacks sha256, size or mode") {
            Self.entry("share/x", mode: "rwx", in: $0)
        },
        .signedList("a mode with setuid", "share/x") { Self.entry("share/x", mode: "04755", in: $0) },
        .signedList("10,000 levels", "cannot be read") {
            $0.replacing("\"format\":1", with: "\"format\":1,\"x\":" + String(repeating: "[", count: 10_000))
        },
        .signedList("more files than a package holds", "\"share/0\" is missing") { text in
            let files = (0..<30_000).map {
                "\"share/\($0)\":{\"sha256\":\"\(String(repeating: "0", count: 64))\",\"size\":0,\"mode\":\"0444\"},"
            }
            return text.replacing("\"files\":{", with: "\"files\":{" + files.joined())
        },
        HostileCase("a list that was changed after it was signed", "is wrong: the content is not what was signed") {
            $0.changeSignedList = {
                Array(String(decoding: $0, as: UTF8.self).replacing("2026-11-22", with: "2026-11-23").utf8)
            }
        },
        HostileCase("a signature by an unknown key", "which is not known here") { release in
            release.signature = { list in
                TestKeys.stranger.map { SignatureFile.signing(list, as: .manifest, with: $0).encoded() }
            }
        },
        HostileCase("a signature of another role", "expected one for a manifest") { release in
            release.signature = { list in
                TestKeys.store.map { SignatureFile.signing(list, as: .index, with: $0).encoded() }
            }
        },
        HostileCase("no signature", "is not signed") { $0.signature = { _ in nil } },
        HostileCase("an empty signature", "cannot be read") { $0.signature = { _ in [] } },
        HostileCase("a signature of zeros", "is wrong: the content is not what was signed") { release in
            release.signature = { _ in
                TestKeys.store.map { key in
                    let entry = SignatureFile.Entry(
                        keyID: key.publicKey.id,
                        signature: [UInt8](repeating: 0, count: 64)
                    )
                    return SignatureFile(role: .manifest, entries: [entry]).encoded()
                }
            }
        },
        HostileCase("a signature of 20 KB", "more than") { release in
            release.signature = { try (HostileRelease.sign($0) ?? []) + [UInt8](repeating: 0x20, count: 20 << 10) }
        },
        HostileCase("one key twice in the signature", "one key signs twice") { release in
            release.signature = { list in
                let text = String(decoding: try HostileRelease.sign(list) ?? [], as: UTF8.self)
                guard let start = text.range(of: "[{"), let end = text.range(of: "}]") else { return nil }
                let entry = text[start.upperBound..<end.lowerBound]
                return Array(text.replacing("[{", with: "[{\(entry)},{").utf8)
            }
        },
        HostileCase("another list than the index names", "is not the one the index names") { release in
            release.changeArtifact = { $0["manifest_sha256"] = .string(String(repeating: "0", count: 64)) }
        },
        HostileCase("another key than the index names", "signed it") { release in
            release.changeArtifact = { $0["publisher_key"] = "0000000000000000" }
        },
    ]

    private static func entry(
        _ path: String,
        sha256: String = String(repeating: "0", count: 64),
        size: String = "1",
        mode: String = "0444",
        in list: String
    ) -> String {
        let file = "\"\(path)\":{\"sha256\":\"\(sha256)\",\"size\":\(size),\"mode\":\"\(mode)\"},"
        return list.replacing("\"files\":{", with: "\"files\":{" + file)
    }

    private static let laughs: String = {
        let first = "a: &a [\"lol\",\"lol\",\"lol\",\"lol\",\"lol\",\"lol\",\"lol\",\"lol\",\"lol\"]\n"
        let rest = zip("bcdefghi", "abcdefgh").map { name, below in
            "\(name): &\(name) [" + Array(repeating: "*\(below)", count: 9).joined(separator: ",") + "]\n"
        }
        return first + rest.joined()
    }()
}

extension HostileCase {
    /// skill.yaml with these lines at its end.
    static func yaml(_ what: String, _ reason: String, _ lines: String) -> HostileCase {
        HostileCase(what, reason) { release in
            release.replace("skill.yaml", with: Array((release.package.manifest + lines + "\n").utf8))
        }
    }
}
