package import Core

/// How far an installation is.
///
/// Reported before the step begins; whoever listens may throw to stop it there.
package enum InstallStep: String, Sendable, CaseIterable {
    case fetchingIndex = "Reading the index"
    case downloading = "Downloading"
    case verifying = "Verifying"
    case unpacking = "Unpacking"
    case checking = "Checking the library"
    case storing = "Storing"
    case activating = "Activating"
    case recording = "Writing the receipt"
    case done = "Done"
}

/// What came of one package.
package struct InstallOutcome: Sendable {
    package enum Change: String, Sendable {
        case installed, upgraded, downgraded, reinstalled
        case alreadyThere = "already_there"
        case rolledBack = "rolled_back"
    }

    package let change: Change
    package let receipt: Receipt
    package let previousVersion: SemanticVersion?
    package let warnings: [String]
    /// Against the version that was there; nil where there was none.
    package var difference: PermissionDifference?
    /// Of a package that was there already: it was pinned, or disabled, as was asked for.
    package var hasNewMarks = false
    /// Nothing was done: it is what would be.
    package var isDryRun = false
}

/// What an installation needs from its surroundings.
package struct InstallHooks: Sendable {
    /// Called before the first download, when libraries will have to be checked; must return at once.
    package var prepareCheck: @Sendable () -> Void
    /// Loads the staged library in a process of its own; throws when it cannot be loaded.
    ///
    /// The store itself never runs code of a package.
    package var checkLibrary: @Sendable (StagedPackage) async throws -> Void
    package var step: @Sendable (InstallStep, PluginName?) throws -> Void
    /// Received and expected bytes of the package being downloaded.
    package var progress: @Sendable (Int, Int) -> Void

    package init(
        prepareCheck: @escaping @Sendable () -> Void = {},
        checkLibrary: @escaping @Sendable (StagedPackage) async throws -> Void,
        step: @escaping @Sendable (InstallStep, PluginName?) throws -> Void = { _, _ in },
        progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) {
        self.prepareCheck = prepareCheck
        self.checkLibrary = checkLibrary
        self.step = step
        self.progress = progress
    }
}

/// What the caller asked for beside the references.
package struct InstallOptions: Sendable {
    package var consent: Consent
    package var allowUnsigned: Bool
    /// Installs again what is already there.
    package var force: Bool
    /// `upgrade` leaves what is installed now at its version.
    package var pins = false
    /// Installed, but not served.
    package var isDisabled = false
    /// Everything up to the consent, which is shown and not asked for; then nothing is changed.
    package var isDryRun = false
    /// What a package behind a URL must hash to.
    package var digest: SHA256Digest?
    /// Task types of the plugins that ship with the host, with the plugins' names.
    package var bundledTaskTypes: [String: PluginName]

    package init(
        consent: Consent = Consent(),
        allowUnsigned: Bool = false,
        force: Bool = false,
        bundledTaskTypes: [String: PluginName] = [:]
    ) {
        self.consent = consent
        self.allowUnsigned = allowUnsigned
        self.force = force
        self.bundledTaskTypes = bundledTaskTypes
    }
}
