/// Why a plugin was not loaded: what was expected, what was found, what to do.
package struct Refusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// A stable word for machines.
    package enum Reason: String, Sendable, CaseIterable {
        case manifest, config, platform, hostVersion = "host_version", missingFile = "missing_file", notELF = "not_elf",
            architecture
        case noEntry = "no_entry", extraSymbols = "extra_symbols", dependency, magic
        case abiMajor = "abi_major", abiMinor = "abi_minor", shortStruct = "short_struct"
        case incomplete, identity, create, interface, printed, crashed, timedOut = "timed_out", clash, changed
        case isolation
    }

    package let reason: Reason
    /// What is wrong, with the expected and the found value.
    package let message: String
    /// What to do about it.
    package let fix: String

    package init(_ reason: Reason, _ message: String, fix: String) {
        self.reason = reason
        self.message = message.onOneLine
        self.fix = fix
    }

    package var description: String { "\(message). \(fix)" }
}
