@testable import Registry

/// Attacks by the library.
enum LibraryCases {
    private static let entry =
        "__attribute__((visibility(\"default\"))) const void *prax_plugin_entry(void) { return 0; }\n"

    static let listed: [HostileCase] = [
        .library("59 a script", "found a script") { Array("#!/bin/sh\nexec evil\n".utf8) },
        .patched("59 another processor", "is built for aarch64, this host is x86_64") { $0[18] = 183 },
        .patched("59 32 bits", "expected a 64-bit library, found a 32-bit one") { $0[4] = 1 },
        .patched("59 big endian", "found a big-endian one") { $0[5] = 2 },
        .library("59 a program", "found a") { try Compiler.program(["-pie", "-fPIE"]) },
        .library("59 a static program", "found a") { try Compiler.program(["-static-pie", "-fPIE"]) },
        .library("59 a program of fixed address", "an executable program") { try Compiler.program(["-no-pie"]) },
        .library("59 no entry symbol", "it does not export it") { try Compiler.library("") },
        .library("59 another magic", "magic") { try HelloLibrary.compile(spoil: "plugin.magic = 7") },
        .library("59 ABI 2", "2") { try HelloLibrary.compile(spoil: "plugin.abi_major = 2") },
        .patched("60 GLIBC_2.995", "needs GLIBC_2.995, this host has") {
            try $0.replace("GLIBC_2.2.5", with: "GLIBC_2.995")
        },
        .library("60 a library that is not there", "libfoo.so.3") {
            try StubLibrary.compile(soname: "libfoo.so.3")
        },
        .library("60 DT_RPATH /tmp", "has DT_RPATH \"/tmp\"") {
            try HelloLibrary.compile(flags: ["-Wl,--disable-new-dtags,-rpath,/tmp"])
        },
        .library("60 DT_NEEDED with a slash", "a library is named without a path") {
            try StubLibrary.compile(soname: "/tmp/evil.so")
        },
        .library("60 text relocations", "has text relocations (TEXTREL)") {
            try HelloLibrary.compile(
                before: "__asm__(\".text\\n.quad prax_plugin_entry\\n\");",
                flags: ["-Wl,-z,notext"]
            )
        },
        .library("60 an executable stack", "asks for an executable stack") {
            try HelloLibrary.compile(flags: ["-Wl,-z,execstack"])
        },
        .library("61 a constructor without an end", "did not") {
            try HelloLibrary.compile(before: "__attribute__((constructor)) static void f(void) { for (;;) {} }")
        },
        .library("61 a constructor that ends the process", "ended the process while it was being loaded") {
            try HelloLibrary.compile(before: "__attribute__((constructor)) static void f(void) { _exit(0); }")
        },
        .library("61 a constructor that crashes", "crashed with signal 6") {
            try HelloLibrary.compile(before: "__attribute__((constructor)) static void f(void) { abort(); }")
        },
    ]

    static let more: [HostileCase] = [
        .library("RUNPATH /tmp", "has RUNPATH \"/tmp\"") {
            try HelloLibrary.compile(flags: ["-Wl,--enable-new-dtags,-rpath,/tmp"])
        },
        .library("RUNPATH $ORIGIN/../..", "has RUNPATH \"$ORIGIN/../..\"") {
            try HelloLibrary.compile(flags: ["-Wl,--enable-new-dtags,-rpath,$ORIGIN/../.."])
        },
        .library("RUNPATH with a part of nothing", "has RUNPATH \"$ORIGIN::$ORIGIN\"") {
            try HelloLibrary.compile(flags: ["-Wl,--enable-new-dtags,-rpath,$ORIGIN::$ORIGIN"])
        },
        .library("RUNPATH of nothing but a colon", "has RUNPATH \":\"") {
            try HelloLibrary.compile(flags: ["-Wl,--enable-new-dtags,-rpath,:"])
        },
        .library("an auxiliary library", "DT_AUXILIARY") { try HelloLibrary.compile(flags: ["-Wl,-f,/tmp/evil.so"]) },
        .library("a filter", "DT_FILTER") { try HelloLibrary.compile(flags: ["-Wl,-F,/tmp/evil.so"]) },
        .library("an auditor", "DT_DEPAUDIT") { try HelloLibrary.compile(flags: ["-Wl,--depaudit,/tmp/evil.so"]) },
        .library("a second symbol", "it also exports 1 more: other") {
            try Compiler.library(entry + "__attribute__((visibility(\"default\"))) int other(void) { return 1; }")
        },
        .library("an interpreter", "it names an interpreter") {
            try HelloLibrary.compile(before: "const char path[] __attribute__((section(\".interp\"))) = \"/tmp/evil\";")
        },
        .library("an object file", "an object file") { try Compiler.object(entry) },
        .library("an empty file", "a file of 0 bytes") { [] },
        .library("four bytes", "the file ends inside the header") { Array("\u{7f}ELF".utf8) },
        .library("a library of Windows", "a Windows library") { Array("MZ".utf8) + [UInt8](repeating: 0, count: 100) },
        .library("a library of macOS", "a macOS library") {
            [0xcf, 0xfa, 0xed, 0xfe] + [UInt8](repeating: 0, count: 100)
        },
        .library("an archive", "a static archive") { Array("!<arch>\n".utf8) + [UInt8](repeating: 0, count: 100) },
        .patched("half of a library", "the file ends inside") { $0.removeLast($0.count / 2) },
        .patched("a library of its header alone", "the file ends inside") { $0.removeLast($0.count - 64) },
        .patched("a core dump", "a core dump") { $0[16] = 4 },
        .patched("an unknown type", "ELF type 99") { $0[16] = 99 },
        .patched("no program headers", "without a dynamic section") { $0.put(UInt16(0), at: 56) },
        .patched("65,535 program headers", "65535 program headers") { $0.put(UInt16.max, at: 56) },
        .patched("program headers of an unknown size", "of an unknown size") { $0.put(UInt16(32), at: 54) },
        .patched("program headers outside the file", "the program headers") { $0.put(UInt64.max - 7, at: 32) },
        .patched("section headers outside the file", "the section headers") { $0.put(UInt64.max - 7, at: 40) },
        .patched("65,535 section headers", "the section headers") { $0.put(UInt16.max, at: 60) },
        .patched("a dynamic section outside the file", "the dynamic section") {
            try $0.put(UInt64(1) << 40, at: $0.segment(2) + 8)
        },
        .patched("a dynamic section that is loaded from elsewhere", "the dynamic section") {
            try $0.put($0.u64($0.segment(2) + 16) &+ 16, at: $0.segment(2) + 16)
        },
        .patched("a dynamic section without an end", "has no end") { bytes in
            let size = try bytes.segment(2) + 32
            bytes.put(UInt64(16), at: size)
        },
        .patched("two dynamic sections", "more than one dynamic section") { try $0.put(UInt32(2), at: $0.segment(4)) },
        .patched("two stacks", "more than one") { bytes in
            try bytes.put(UInt32(0x6474_E551), at: bytes.segment(4))
        },
        .patched("segments that overlap", "overlap") { bytes in
            let loads = bytes.segments(1)
            bytes.put(bytes.u64(loads[0] + 16), at: loads[1] + 16)
        },
        .patched("segments in the wrong order", "overlap") { bytes in
            let loads = bytes.segments(1)
            let (first, second) = (bytes.u64(loads[1] + 16), bytes.u64(loads[2] + 16))
            bytes.put(second, at: loads[1] + 16)
            bytes.put(first, at: loads[2] + 16)
        },
        .patched("a segment past all addresses", "a segment has no end") {
            $0.put(UInt64.max - 100, at: $0.segments(1)[1] + 40)
        },
        .patched("a table of names nowhere", "the table of names") { try $0.put(UInt64.max - 3, at: $0.dynamic(5)) },
        .patched("a table of names without a length", "no table of names") {
            try $0.put(UInt64(0x1234), at: $0.dynamic(10) - 8)
        },
        .patched("a table of names past the end", "the table of names") {
            try $0.put(UInt64(1) << 50, at: $0.dynamic(10))
        },
        .patched("symbols nowhere", "the table of symbols") { try $0.put(UInt64(1) << 60, at: $0.dynamic(6)) },
        .patched("a hash table nowhere", "the GNU hash table") {
            try $0.put(UInt64(1) << 60, at: $0.dynamic(0x6FFF_FEF5))
        },
        .patched("a hash table of 2^32 buckets", "the GNU hash table") { bytes in
            let table = try bytes.offset(of: bytes.u64(bytes.dynamic(0x6FFF_FEF5)))
            bytes.put(UInt32.max, at: table)
        },
        .patched("a hash table with a chain without an end", "has no end") { bytes in
            let table = try bytes.offset(of: bytes.u64(bytes.dynamic(0x6FFF_FEF5)))
            bytes.put(UInt32(0x7fff_0000), at: table + 16 + 8)
        },
        .patched("a hash table of 2^32 words", "the GNU hash table") { bytes in
            let table = try bytes.offset(of: bytes.u64(bytes.dynamic(0x6FFF_FEF5)))
            bytes.put(UInt32.max, at: table + 8)
        },
        .patched("needed versions nowhere", "the table of needed versions") {
            try $0.put(UInt64(1) << 60, at: $0.dynamic(0x6FFF_FFFE))
        },
        .patched("needed versions that follow each other by a byte", "version") { bytes in
            let table = try bytes.offset(of: bytes.u64(bytes.dynamic(0x6FFF_FFFE)))
            bytes.put(UInt16.max, at: table + 2)
            bytes.put(UInt32(1), at: table + 16 + 12)
        },
    ]

    /// What a library does in the sandbox does no harm, and is found out.
    static let unruly: [HostileCase] = [
        .library("61 a constructor that writes outside", "it tried what no plugin may") {
            try HelloLibrary.compile(
                before: """
                    #include <fcntl.h>
                    #include <unistd.h>
                    __attribute__((constructor)) static void f(void) {
                        open("/tmp/prax-evil", O_CREAT | O_WRONLY, 0600);
                    }
                    """
            )
        },
        .library("61 a constructor that forks", "it tried what no plugin may") {
            try HelloLibrary.compile(
                before: """
                    #include <unistd.h>
                    __attribute__((constructor)) static void f(void) { fork(); }
                    """
            )
        },
        .library("61 a constructor that connects", "it tried what no plugin may") {
            try HelloLibrary.compile(
                before: """
                    #include <arpa/inet.h>
                    #include <sys/socket.h>
                    __attribute__((constructor)) static void f(void) {
                        socket(AF_INET, SOCK_STREAM, 0);
                    }
                    """
            )
        },
        .library("61 a constructor that runs a program", "it tried what no plugin may") {
            try HelloLibrary.compile(
                before: """
                    #include <unistd.h>
                    __attribute__((constructor)) static void f(void) {
                        execl("/bin/true", "true", (char *)0);
                    }
                    """
            )
        },
    ]
}

/// A library to link against that nobody will find.
enum StubLibrary {
    /// The library of acme/hello, which asks for one of that name.
    static func compile(soname: String) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let library = try Compiler.library("int stub(void) { return 0; }", ["-Wl,-soname," + soname])
        let path = try folder.write("libstub.so", library)
        return try HelloLibrary.compile(flags: ["-Wl,--no-as-needed", path])
    }
}
