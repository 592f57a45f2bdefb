package import Core
import Egress

/// Why the store could not do what it was asked for.
///
/// One struct and not an enum: nobody switches over the eighty ways in which an archive can be wrong. What callers
/// need is the class (`exitCode`), and what people need is the sentence and the next step.
package struct RegistryError: Error, Sendable, Hashable, CustomStringConvertible {
    package let exitCode: ExitCode
    /// A stable machine word, such as `signature_wrong`.
    package let code: String
    /// What was expected and what was found, in one sentence.
    package let message: String
    package let hint: String?

    package init(_ exitCode: ExitCode, _ code: String, _ message: String, hint: String? = nil) {
        self.exitCode = exitCode
        self.code = code
        self.message = message
        self.hint = hint
    }

    package var description: String { hint.map { "\(message) \($0)" } ?? message }
}

extension RegistryError {
    /// The archive breaks a rule of the package format.
    ///
    /// Nothing of it is kept.
    static func archive(_ message: String) -> RegistryError {
        RegistryError(
            .verificationFailed,
            "archive_refused",
            "The package is refused: \(message).",
            hint: "Nothing was installed. Pack it again with `prax-host registry build`, or ask its publisher."
        )
    }

    /// Signed content and what is there differ.
    static func modified(_ message: String) -> RegistryError {
        RegistryError(
            .verificationFailed,
            "package_modified",
            "The package was modified: \(message).",
            hint: "Do not use it; install it again from the store."
        )
    }

    static func index(_ message: String, code: String = "index_refused") -> RegistryError {
        RegistryError(.verificationFailed, code, "The index is refused: \(message).", hint: unaffected)
    }

    static func timestamp(_ message: String, code: String = "timestamp_refused") -> RegistryError {
        RegistryError(.verificationFailed, code, "The store's timestamp is refused: \(message).", hint: unaffected)
    }

    static func root(_ message: String, code: String = "root_refused") -> RegistryError {
        RegistryError(.verificationFailed, code, "The store's root is refused: \(message).", hint: unaffected)
    }

    private static let unaffected =
        "Installed plugins are not affected. Check the address of the index, or ask the store's operator."

    /// A download that failed, in the terms of this module.
    init(_ error: DownloadError) {
        let code = error.exitCode == .network ? "network" : "download_refused"
        self.init(error.exitCode, code, error.description, hint: error.hint)
    }

    static func incompatible(_ message: String, hint: String? = nil) -> RegistryError {
        RegistryError(.incompatible, "incompatible", message, hint: hint)
    }

    /// A system call failed; reads `errno`, so call it first thing.
    static func system(_ what: String, number: Int32) -> RegistryError {
        RegistryError(
            .internalError,
            "system",
            "\(what): \(systemErrorText(number)).",
            hint: "Check the free space and the permissions of the installation's folder."
        )
    }
}
