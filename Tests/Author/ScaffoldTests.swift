import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("A new plugin") struct ScaffoldTests {
    @Test(
        "in C builds and passes its tests untouched",
        .enabled(if: Language.isThere("c"), "there is no cc on the PATH"),
        arguments: ["skill", "provider", "vectorstore"]
    )
    func inC(_ kind: String) async throws { try await scaffold("c", kind) }

    @Test(
        "in C++ builds and passes its tests untouched",
        .enabled(if: Language.isThere("cpp"), "there is no c++ on the PATH"),
        arguments: ["skill", "provider", "vectorstore"]
    )
    func inCPP(_ kind: String) async throws { try await scaffold("cpp", kind) }

    @Test(
        "in Rust builds and passes its tests untouched",
        .enabled(if: Language.isThere("rust"), "there is no rustc on the PATH"),
        arguments: ["skill", "provider", "vectorstore"]
    )
    func inRust(_ kind: String) async throws { try await scaffold("rust", kind) }

    @Test(
        "in Swift builds and passes its tests untouched",
        .enabled(if: Language.isThere("swift"), "there is no swiftc on the PATH"),
        arguments: ["skill", "provider", "vectorstore"]
    )
    func inSwift(_ kind: String) async throws { try await scaffold("swift", kind) }

    private func scaffold(_ language: String, _ kind: String) async throws {
        let author = try Author()
        let folder = author.path("weather-map")
        let new = try await author.host(
            "plugins",
            "new",
            "acme/weather-map",
            "--kind",
            kind,
            "--lang",
            language,
            "--dir",
            folder
        )
        #expect(new.exitCode == 0, "\(new.errors)")
        let build = try await author.host("plugins", "build", folder)
        #expect(build.exitCode == 0, "\(build.errors)")
        // Warnings of the compiler would be an author's first impression.
        #expect(build.errors == "")
        let test = try await author.host("plugins", "test", folder, "--level", "10", "--only-failed")
        #expect(test.output == "acme/weather-map 0.1.0: ok, as sandbox\n")
        #expect(test.exitCode == 0)
    }

    @Test("has skill.yaml, its source, a README, .gitignore and a script for continuous integration")
    func files() async throws {
        let author = try Author()
        let folder = author.path("notes")
        let new = try await author.host("plugins", "new", "notes", "--lang", "rust", "--dir", folder, "--json")
        let json = try JSON.parse(new.output)
        #expect(json["name"] == "local/notes")
        #expect(
            json["files"] == [".gitignore", "README.md", "ci.sh", "skill.yaml", "src/abi.rs", "src/lib.rs"]
        )
        let texts = try ["skill.yaml", "README.md", "src/lib.rs", "ci.sh"].map {
            try String(contentsOfFile: folder + "/" + $0, encoding: .utf8)
        }
        // No place was left unfilled.
        #expect(texts.filter { $0.contains(/@[A-Z_]+@/) } == [])
        #expect(FileManager.default.isExecutableFile(atPath: folder + "/ci.sh"))
    }

    @Test("is not made over another one")
    func occupied() async throws {
        let author = try Author()
        let folder = author.path("notes")
        #expect(try await author.host("plugins", "new", "notes", "--lang", "c", "--dir", folder).exitCode == 0)
        let again = try await author.host("plugins", "new", "notes", "--lang", "c", "--dir", folder)
        #expect(again.exitCode == 7)
        #expect(again.errors.contains("is there and is not empty"))
    }

    @Test(
        "is refused a name that no plugin may have",
        arguments: [["Notes"], ["a/b/c"], ["con"], ["acme/notes", "--owner", "else"], ["../notes"]]
    )
    func names(_ words: [String]) async throws {
        let author = try Author()
        let new = try await author.host(["plugins", "new"] + words + ["--lang", "c", "--dir", author.path("x")])
        #expect(new.exitCode == 2)
        #expect(!FileManager.default.fileExists(atPath: author.path("x")))
    }
}

@Suite("plugins build") struct BuildTests {
    @Test("names the package of a compiler that is missing")
    func missingCompiler() async throws {
        let author = try Author()
        let folder = author.path("notes")
        _ = try await author.host("plugins", "new", "notes", "--lang", "c", "--dir", folder)
        let build = try await author.host("plugins", "build", folder, environment: ["PATH": author.path("nowhere")])
        #expect(build.exitCode == 3)
        #expect(build.errors.contains("there is no cc on the PATH"))
        #expect(build.errors.contains("apt-get install gcc"))
    }

    @Test("shows its command with -v, and a compiler's complaint ends it with 5")
    func commands() async throws {
        let author = try Author()
        let folder = author.path("notes")
        _ = try await author.host("plugins", "new", "notes", "--lang", "c", "--dir", folder)
        let build = try await author.host("plugins", "build", folder, "-v")
        #expect(build.errors.contains("-fvisibility=hidden"))
        #expect(build.errors.contains("--version-script="))
        try "int main(".write(toFile: folder + "/src/plugin.c", atomically: true, encoding: .utf8)
        let broken = try await author.host("plugins", "build", folder)
        #expect(broken.exitCode == 5)
        #expect(broken.errors.contains("plugin.c:1"))
        // What was built before is still there.
        #expect(FileManager.default.fileExists(atPath: folder + "/lib/linux-x86_64/skill.so"))
    }

    @Test("knows the platforms of skill.yaml and no others")
    func platforms() async throws {
        let author = try Author()
        let folder = author.path("notes")
        _ = try await author.host("plugins", "new", "notes", "--lang", "c", "--dir", folder)
        let build = try await author.host("plugins", "build", folder, "--platform", "linux-riscv64")
        #expect(build.exitCode == 3)
        #expect(build.errors.contains("skill.yaml names no library for linux-riscv64"))
    }

    @Test("asks for one language in src/")
    func languages() async throws {
        let author = try Author()
        let folder = author.path("notes")
        _ = try await author.host("plugins", "new", "notes", "--lang", "c", "--dir", folder)
        try "// nothing".write(toFile: folder + "/src/other.cpp", atomically: true, encoding: .utf8)
        let build = try await author.host("plugins", "build", folder)
        #expect(build.exitCode == 3)
        #expect(build.errors.contains("holds sources in C and C++"))
    }
}
