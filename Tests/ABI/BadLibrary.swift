import Foundation
import Testing

/// One way to be wrong: a folder below Bad with a skill.yaml and what its library is made from.
struct BadLibrary: Sendable, CustomTestStringConvertible {
    /// What happens to the good source on its way to `skill.so`.
    enum Making: Sendable {
        case compiled
        /// Linked without the version script.
        case exportingEverything
        /// Linked against a library that is then taken away.
        case missing(dependency: String)
        /// Compiled, and labelled as another machine's.
        case relabelled(machine: UInt8)
        /// Not compiled at all.
        case copied(file: String)
    }

    let name: String
    var making: Making = .compiled
    /// What the refusal, or the complaint about its behaviour, must say.
    let message: String

    var testDescription: String { name }

    /// Makes the plugin's folder inside `scratch` and returns its path.
    func build(in scratch: Scratch) throws -> String {
        let folder = scratch.file(name)
        let library = folder + "/skill.so"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: source("skill.yaml"), toPath: folder + "/skill.yaml")
        switch making {
        case .compiled: try compile(to: library, PluginLibrary.flags)
        case .exportingEverything: try compile(to: library, PluginLibrary.flags.dropLast())
        case .copied(let file): try FileManager.default.copyItem(atPath: source(file), toPath: library)
        case .missing(let dependency):
            let stub = scratch.file(dependency)
            let make = ["gcc", "-shared", "-fPIC", "-Wl,-soname,\(dependency)", "-o", stub]
            try check(Command.run(make + [source("libdoesnotexist.c")]))
            try compile(to: library, PluginLibrary.flags + [stub])
            try FileManager.default.removeItem(atPath: stub)
        case .relabelled(let machine):
            try compile(to: library, PluginLibrary.flags)
            var bytes = try Data(contentsOf: URL(filePath: library))
            // e_machine of the ELF header, two bytes, little-endian.
            bytes[18] = machine
            try bytes.write(to: URL(filePath: library))
        }
        return folder
    }

    private func source(_ file: String) -> String { Repository.path("Tests/ABI/Bad/\(name)/\(file)") }

    private func compile(to library: String, _ flags: some Sequence<String>) throws {
        let warnings = ["-std=gnu11", "-Wall", "-Wextra", "-Werror"]
        try check(Command.run(["gcc"] + warnings + ["-o", library, source(name + ".c")] + flags))
    }

    private func check(_ command: Command) throws {
        try #require(command.status == 0, "\(command.output)")
    }
}

extension BadLibrary {
    #if arch(arm64)
    private static let otherMachine: UInt8 = 62
    private static let machines = "built for x86_64, this host is aarch64"
    #else
    private static let otherMachine: UInt8 = 183
    private static let machines = "built for aarch64, this host is x86_64"
    #endif

    /// Those that are not loaded.
    static let refused = [
        BadLibrary(name: "no-entry", message: "exports no prax_plugin_entry"),
        BadLibrary(name: "wrong-magic", message: "magic 0x31584150 expected, found 0x"),
        BadLibrary(name: "wrong-major", message: "plugin ABI major 1 expected, found 2"),
        BadLibrary(name: "newer-minor-needed", message: "needs plugin ABI 1.7 or newer, this host offers 1.0"),
        BadLibrary(name: "short-struct", message: "prax_plugin is 16 bytes long, at least"),
        BadLibrary(name: "wrong-arch", making: .relabelled(machine: otherMachine), message: machines),
        BadLibrary(name: "not-elf", making: .copied(file: "not-elf.sh"), message: "is not an ELF shared library"),
        BadLibrary(
            name: "missing-dependency",
            making: .missing(dependency: "libdoesnotexist.so.7"),
            message: "libdoesnotexist.so.7"
        ),
        BadLibrary(name: "identity-mismatch", message: "skill.yaml says praximous/identity-mismatch"),
        BadLibrary(name: "fails-create", message: "create() failed: the moon is in the wrong phase"),
        BadLibrary(
            name: "second-exported-symbol",
            making: .exportingEverything,
            message: "exports 1 symbol besides prax_plugin_entry"
        ),
        BadLibrary(
            name: "constructor-that-prints",
            message: "wrote to standard output while it was being loaded"
        ),
        BadLibrary(name: "crashes-in-create", message: "crashed with signal 11"),
        BadLibrary(name: "entry-returns-null", message: "returned NULL: the plugin cannot serve this host"),
        BadLibrary(name: "null-functions", message: "has NULL for create, get_interface, destroy"),
        BadLibrary(name: "null-execute", message: "offers no usable prax.skill/1"),
        BadLibrary(name: "forges-the-report", message: "sent the host something that is no answer"),
        BadLibrary(name: "asks-for-newer-host", message: "needs prax-host 9.0.0 or newer"),
    ]

    /// Those that load and break a rule when they are called.
    static let misbehaving = [
        BadLibrary(name: "ends-twice", message: "ended a call twice"),
        BadLibrary(name: "never-ends", message: "The skill ended without an answer."),
        BadLibrary(name: "answers-not-json", message: "The skill's answer is not one JSON value"),
    ]

    static let all = refused + misbehaving
}
