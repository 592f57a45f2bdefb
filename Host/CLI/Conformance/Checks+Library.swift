import Core
import Foundation
import PluginRuntime

extension Check {
    /// What the library's file says about itself; nothing of it runs.
    static let library = [
        Check("library/shared", 1, "The library is an ELF shared library for 64-bit machines.") { bench in
            _ = try image(bench)
            return nil
        },
        Check("library/architecture", 1, "The library is built for this machine.") { bench in
            let machine = try image(bench).machine.description
            guard machine != Platform.architecture else { return nil }
            throw CheckFailure("it is built for \(machine)", fix: "Build it for \(Platform.architecture).")
        },
        Check("library/one-export", 1, "The library exports prax_plugin_entry and nothing else.") { bench in
            try LibraryFile(path: path(bench)).check()
            return nil
        },
        Check("library/rpath", 2, "The library has no RPATH, by which others could slip in theirs.") { bench in
            guard let rpath = try image(bench).rpath else { return nil }
            throw CheckFailure("RPATH \(rpath)", fix: "Link with --enable-new-dtags, and with $ORIGIN alone.")
        },
        Check("library/text-relocations", 2, "The library's code is not written to when it is loaded.") { bench in
            guard try image(bench).hasTextRelocations else { return nil }
            throw CheckFailure("it has text relocations", fix: "Compile everything in it with -fPIC.")
        },
        Check("library/executable-stack", 2, "The library does not ask for a stack that can be executed.") { bench in
            guard try image(bench).hasExecutableStack else { return nil }
            throw CheckFailure("it asks for one", fix: "Link with -Wl,-z,noexecstack.")
        },
        Check("library/needed-names", 2, "The library asks for others by name, not by path.") { bench in
            guard let name = try image(bench).needed.first(where: { $0.contains("/") }) else { return nil }
            throw CheckFailure("it needs \(name)", fix: "Link with -lNAME instead of the file's path.")
        },
        Check("library/glibc", 4, "The library needs no newer C library than skill.yaml says.", run: glibcIsDeclared),
        Check("library/size", 4, "The library has at most \(maxBytes >> 20) MiB.") { bench in
            let size = try size(bench)
            guard size > maxBytes else { return nil }
            throw CheckFailure("\(size) bytes", fix: "Strip it; link what is large dynamically; move data to share/.")
        },
        Check("library/runpath", 6, "The library looks for others in its own folder, if anywhere.") { bench in
            guard let runpath = try image(bench).runpath else { return nil }
            let strange = runpath.split(separator: ":").filter { !$0.hasPrefix("$ORIGIN") }
            guard let first = strange.first else { return nil }
            throw CheckFailure("RUNPATH \(first)", fix: "Link without -rpath, or with $ORIGIN alone.")
        },
        Check("library/stripped", 7, "The library carries nothing for debuggers.") { bench in
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path(bench)), options: .alwaysMapped)
            // As it stands in the table of the sections' names.
            guard bytes.range(of: Data("\0.debug_info\0".utf8)) != nil else { return nil }
            throw CheckFailure("it has a section .debug_info", fix: "strip it, or build without -g.")
        },
    ]

    private static let maxBytes = 64 << 20

    private static func path(_ bench: CheckBench) throws -> String { try bench.folder.libraryPath() }

    private static func size(_ bench: CheckBench) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path(bench))[.size] as? Int ?? 0
    }

    private static func image(_ bench: CheckBench) throws -> ELFImage {
        do {
            return try ELFImage.parse([UInt8](Data(contentsOf: URL(fileURLWithPath: path(bench)))))
        } catch let error as ELFError {
            throw CheckFailure("\(error)", fix: "Build it with -shared -fPIC.")
        }
    }

    @Sendable private static func glibcIsDeclared(_ bench: CheckBench) throws -> String? {
        guard let needed = try image(bench).requiredGLIBC else { return "it does not use the C library" }
        let declared = bench.manifest.requires.libc
        guard let declared, declared.hasPrefix("glibc>=") else {
            return "skill.yaml has no requires.libc; the library needs glibc>=\(needed)"
        }
        let offered = String(declared.dropFirst("glibc>=".count))
        guard needed.compare(offered, options: .numeric) == .orderedDescending else { return nil }
        throw CheckFailure(
            "it needs glibc \(needed), skill.yaml says \(declared)",
            fix: "Write requires: { libc: \"glibc>=\(needed)\" }, or build on an older system."
        )
    }
}
