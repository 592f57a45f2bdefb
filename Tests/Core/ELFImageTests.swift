import Core
import Foundation
import Testing

@Suite struct ELFImageTests {
    @Test("a small library says what it exports, needs and is built for")
    func ordinary() throws {
        let image = try ELFImage.parse(
            try ELFFixture.library(
                """
                #include <stdio.h>
                int entry(void) { return puts("x"); }
                __attribute__((visibility("hidden"))) int hidden(void) { return 1; }
                __attribute__((weak)) int weak(void) { return 2; }
                static int local(void) { return 3; }
                int use(void) { return local(); }
                """,
                ["-Wl,-soname,libfixture.so.1", "-Wl,-rpath,$ORIGIN", "-Wl,--enable-new-dtags"]
            )
        )
        #expect(image.machine == ELFFixture.machine)
        #expect(image.exportedSymbols.filter { !$0.hasPrefix("_") } == ["entry", "use", "weak"])
        #expect(image.needed == ["libc.so.6"])
        #expect(image.soname == "libfixture.so.1")
        #expect(image.runpath == "$ORIGIN")
        #expect(image.rpath == nil)
        #expect(image.requiredGLIBC?.hasPrefix("2.") == true)
        #expect(image.requiredGLIBCXX == nil)
        #expect(!image.hasTextRelocations)
        #expect(!image.hasExecutableStack)
    }

    @Test(
        "the symbols are found through either hash table, and without section headers",
        arguments: ["gnu", "sysv", "both"]
    )
    func hashTables(_ style: String) throws {
        let bytes = try ELFFixture.library(
            "int one(void) { return 1; } int two(void) { return 2; }",
            ["-nostdlib", "-Wl,--hash-style=\(style)"]
        )
        #expect(try ELFImage.parse(bytes).exportedSymbols == ["one", "two"])
        // Offset and count of the section headers.
        var stripped = bytes
        for offset in [40, 41, 42, 43, 44, 45, 46, 47, 60, 61] { stripped[offset] = 0 }
        #expect(try ELFImage.parse(stripped).exportedSymbols == ["one", "two"])
    }

    @Test("RPATH and an executable stack are seen")
    func dangerous() throws {
        let image = try ELFImage.parse(
            try ELFFixture.library(
                "int one(void) { return 1; }",
                ["-nostdlib", "-Wl,-z,execstack", "-Wl,-rpath,/tmp", "-Wl,--disable-new-dtags"]
            )
        )
        #expect(image.rpath == "/tmp")
        #expect(image.runpath == nil)
        #expect(image.hasExecutableStack)
    }

    @Test("a library without exports has none")
    func nothing() throws {
        let image = try ELFImage.parse(
            try ELFFixture.library("static int one(void) { return 1; } int (*p)(void) = one;", ["-fvisibility=hidden"])
        )
        #expect(image.exportedSymbols.allSatisfy { $0.hasPrefix("_") || $0 == "p" })
    }

    @Test("a program is no library")
    func program() throws {
        #expect {
            try ELFImage.parse(try ELFFixture.library("int main(void) { return 0; }", shared: ["-pie", "-fPIE"]))
        } throws: { "\($0)".contains("an executable program") }
        #expect {
            try ELFImage.parse(
                try ELFFixture.library("int main(void) { return 0; }", shared: ["-static-pie", "-fPIE"])
            )
        } throws: { "\($0)".contains("executable program") }
        #expect {
            try ELFImage.parse(try ELFFixture.library("int x;", shared: ["-c"]))
        } throws: { "\($0)".contains("an object file") }
    }

    @Test(
        "what is no library at all is named",
        arguments: [
            (Array("#!/bin/sh\necho\n".utf8), "a script"), ([], "0 bytes"),
            (Array("MZ\u{0}\u{0}".utf8), "a Windows library"),
            (Array("hello, world".utf8), "something else"), ([0x7F, 0x45, 0x4C, 0x46], "ends inside the header"),
            ([0x7F, 0x45, 0x4C, 0x46, 2, 2] + [UInt8](repeating: 0, count: 100), "big-endian"),
            (
                [0x7F, 0x45, 0x4C, 0x46, 1, 1] + [UInt8](repeating: 0, count: 12) + [3, 0]
                    + [UInt8](repeating: 0, count: 90), "32-bit one for i386"
            ),
        ] as [([UInt8], String)]
    )
    func refuses(_ bytes: [UInt8], _ words: String) {
        #expect { try ELFImage.parse(bytes) } throws: { "\($0)".contains(words) }
    }

    @Test("the system's C library is read, versions and all")
    func system() throws {
        let candidates = ["/lib/x86_64-linux-gnu/libm.so.6", "/lib/aarch64-linux-gnu/libm.so.6", "/lib64/libm.so.6"]
        let path = try #require(candidates.first { FileManager.default.fileExists(atPath: $0) })
        let image = try ELFImage.parse([UInt8](try Data(contentsOf: URL(filePath: path))))
        #expect(image.exportedSymbols.contains("cos"))
        #expect(image.needed.contains("libc.so.6"))
    }

    @Test("no truncation and no flipped byte makes the reader trap")
    func mutations() throws {
        let bytes = try ELFFixture.library("#include <stdio.h>\nint one(void) { return puts(\"\"); }", [])
        var seen = 0
        for length in stride(from: 0, to: bytes.count, by: 7)
        where (try? ELFImage.parse(Array(bytes[..<length]))) != nil {
            seen += 1
        }
        var generator = Lehmer(state: 42)
        for _ in 0..<20_000 {
            var damaged = bytes
            for _ in 0..<generator.next(below: 8) + 1 {
                // The tables lie at the front; most damage goes there.
                let range = generator.next(below: 3) == 0 ? bytes.count : 0x600
                damaged[generator.next(below: range)] = [0, 1, 0x7F, 0x80, 0xFF, 0x41][generator.next(below: 6)]
            }
            if (try? ELFImage.parse(damaged)) != nil { seen += 1 }
        }
        #expect(seen > 0)
    }
}

/// The same numbers at every run.
private struct Lehmer {
    var state: UInt64

    mutating func next(below limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
    }
}
