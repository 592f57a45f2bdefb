import TestSupport

/// The library of acme/hello, made so that the host really loads it.
enum HelloLibrary {
    static let installed = Result { try compile(version: "1.0.0") }
    static let next = Result { try compile(version: "1.1.0") }

    /// `spoil` is a statement that runs in the entry; `before` is text at the top of the file.
    static func compile(
        version: String = "1.1.0",
        spoil: String = "(void)0",
        before: String = "",
        flags: [String] = []
    ) throws -> [UInt8] {
        try Compiler.library(
            """
            #define _GNU_SOURCE
            #include "good.h"
            \(before)
            static prax_plugin plugin = {
                .magic = PRAX_MAGIC, .size = sizeof(prax_plugin), .abi_major = PRAX_ABI_MAJOR,
                .abi_minor = PRAX_ABI_MINOR, .id = PRAX_STR_INIT("acme/hello"), .version = PRAX_STR_INIT("\(version)"),
                .create = create, .get_interface = get_interface, .destroy = destroy,
            };
            ENTRY(\(spoil))
            """,
            [
                "-I" + SourceTree.path("PluginAPI/include"), "-I" + SourceTree.path("Tests/ABI/Bad"),
                "-Wl,--version-script=" + SourceTree.path("PluginAPI/exports.map"),
            ] + flags
        )
    }
}
