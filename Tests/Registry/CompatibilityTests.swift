import Core
import Testing

@testable import Registry

@Suite("Libraries")
struct CompatibilityTests {
    private static let entry =
        "__attribute__((visibility(\"default\"))) const void *prax_plugin_entry(void) { return 0; }\n"

    @Test(
        "that break a rule are refused with the rule",
        arguments: [
            ("", [String](), "it does not export it"),
            (
                entry + "__attribute__((visibility(\"default\"))) int other(void) { return 1; }", [],
                "also exports 1 more: other"
            ),
            (entry, ["-Wl,--disable-new-dtags,-rpath,/tmp"], "DT_RPATH \"/tmp\""),
            (entry, ["-Wl,--enable-new-dtags,-rpath,/tmp"], "RUNPATH \"/tmp\""),
            (entry, ["-Wl,-z,execstack"], "executable stack"),
        ]
    )
    func rules(_ source: String, _ flags: [String], _ reason: String) async throws {
        var package = TestPackage()
        package.library = try Compiler.library(source, flags)
        let store = try TestStore()
        let path = try store.folder.write("p.tar.gz", package.archive(key: store.key))
        let error = try #require(try await store.refusal(path))
        #expect(error.exitCode == .incompatible)
        #expect(error.message.contains(reason), "\(error.message)")
    }

    @Test("may look for others beside themselves")
    func origin() async throws {
        var package = TestPackage()
        package.library = try Compiler.library(Self.entry, ["-Wl,--enable-new-dtags,-rpath,$ORIGIN"])
        let store = try TestStore()
        try await store.install(store.folder.write("p.tar.gz", package.archive(key: store.key)))
        #expect(store.installed.count == 1)
    }

    @Test("that are no libraries are refused", arguments: ["#!/bin/sh\n", "", "\u{7f}ELF"])
    func noLibrary(_ text: String) async throws {
        var package = TestPackage()
        package.library = Array(text.utf8)
        let store = try TestStore()
        let path = try store.folder.write("p.tar.gz", package.archive(key: store.key))
        #expect(try await store.refusal(path)?.exitCode == .incompatible)
    }
}
