import Foundation
import TestSupport
import Testing

/// What git tracks; a tree without git, such as an unpacked archive, has nothing to check.
@Suite("The repository", .enabled(if: TrackedFiles.areKnown)) struct RepositoryTests {
    @Test("has these files and folders at its top and no others")
    func topLevel() throws {
        let top = try Set(TrackedFiles.paths().map { String($0.prefix { $0 != "/" }) })
        #expect(
            top == [
                ".ci", ".gitignore", ".swift-format", "CHANGELOG.md", "Host", "LICENSE", "Makefile", "Package.swift",
                "Plugins", "PluginAPI", "README.md", "Tests", "registry", "skills.json",
            ]
        )
    }

    @Test("holds no secret key")
    func secrets() throws {
        #expect(try TrackedFiles.texts().flatMap { Self.secretLines($0) } == [])
    }

    @Test("names no place of the machine it was written on")
    func machinePaths() throws {
        #expect(try TrackedFiles.texts().flatMap { Self.machineLines($0) } == [])
    }

    @Test("takes what it builds from github.com alone")
    func origins() throws {
        for path in ["Package.swift", "Makefile", "registry/Makefile", ".ci/run"] {
            #expect(Self.strangers(in: try SourceFile(reading: path)) == [])
        }
    }

    @Test("with a secret, a machine's path or another origin would be noticed")
    func selfTest() {
        let seed = String(repeating: "Ab3/", count: 10) + "xyz="
        let header = "-----BEGIN OPENSSH PRIVATE" + " KEY-----"
        func made(_ text: String, _ path: String = "Host/Made") -> SourceFile { SourceFile(path: path, text: text) }
        #expect(Self.secretLines(made("a\n" + header)) == ["Host/Made:2"])
        #expect(Self.secretLines(made("# seed\n" + seed + "\n")) == ["Host/Made:2"])
        #expect(Self.secretLines(made("let key = \"\(seed)\"")) == [])
        #expect(Self.secretLines(made(seed, "registry/keys/official.pub")) == [])
        let home = "/wo" + "rk/main"
        #expect(Self.machineLines(made("see \(home)/x")) == ["Host/Made:1"])
        #expect(Self.machineLines(made("cd /Use" + "rs/someone/x")) == ["Host/Made:1"])
        #expect(Self.machineLines(made("let a = \"/tmp" + "/tree\"")) == ["Host/Made:1"])
        #expect(Self.machineLines(made("let a = \"/tmp" + "/tree\"", "Tests/A")) == [])
        #expect(Self.machineLines(made("a/work" + "/b and network" + "/c")) == [])
        #expect(
            Self.strangers(in: made("url: \"https://github.com/a\" \"https://packages.example.com/a\"")) == [
                "packages.example.com"
            ]
        )
    }

    /// A PEM header, or a line that is the base64 of 32 bytes, as the host writes keys.
    private static func secretLines(_ file: SourceFile) -> [String] {
        file.lineNumbers(mentioning: "-----BEGIN ", "=") { line in
            line.mentions("-----BEGIN ") && line.contains(/-----BEGIN [A-Z ]*PRIVATE KEY/)
                || line.utf8.count == 44 && line.wholeMatch(of: /[A-Za-z0-9+\/]{43}=/) != nil
                    && file.path != "registry/keys/official.pub"
        }
        .map { "\(file.path):\($0)" }
    }

    private static func machineLines(_ file: SourceFile) -> [String] {
        file.lineNumbers(mentioning: "/" + "work/", "/Users/", "/tmp/") { line in
            line.contains(/(?:^|[^\w.\/])\/(?:work|Users)\/\w/)
                || !file.path.hasPrefix("Tests/") && line.contains(/(?:^|[^\w.\/])\/tmp\/\w/)
        }
        .map { "\(file.path):\($0)" }
    }

    /// The hosts in addresses, but for github.com and this machine.
    private static func strangers(in file: SourceFile) -> [String] {
        file.text.matches(of: /https?:\/\/([\w.-]+)/).map { String($0.1) }
            .filter { $0 != "github.com" && $0 != "127.0.0.1" }
    }
}
