package import Core

/// Everything that can be done with the packages of one installation, for whoever asks: a command, or an administrator
/// through the API.
///
/// It knows no terminal and no HTTP. What happens on the way is reported; what may need an answer, the consent, is in
/// the options. One change at a time: a second one ends with exit code 9 (`locked`).
package struct PluginStore: Sendable {
    /// What happens while something is changed.
    package enum Event: Sendable {
        case step(InstallStep, PluginName?)
        /// Of the package being downloaded; 0 expected bytes when nobody said how many there will be.
        case progress(receivedBytes: Int, expectedBytes: Int)
        case outcome(InstallOutcome)
        /// A package stays as it is, for the reason in the sentence.
        case kept(Receipt, sentence: String)
    }

    /// Called from the thread that works; one that throws at a step ends the change there.
    package typealias Report = @Sendable (Event) throws -> Void

    package let layout: StoreLayout
    package let policy: StorePolicy
    let platform: HostPlatform
    let clock: WallClock
    /// Called when a library will have to be checked soon; must return at once.
    let prepareCheck: @Sendable () -> Void
    /// Loads a staged library in a process of its own.
    let checkLibrary: @Sendable (StagedPackage) async throws -> Void

    package init(
        layout: StoreLayout,
        policy: StorePolicy,
        platform: HostPlatform = .current,
        clock: WallClock = .system,
        prepareCheck: @escaping @Sendable () -> Void = {},
        checkLibrary: @escaping @Sendable (StagedPackage) async throws -> Void
    ) {
        self.layout = layout
        self.policy = policy
        self.platform = platform
        self.clock = clock
        self.prepareCheck = prepareCheck
        self.checkLibrary = checkLibrary
    }

    /// The installer, with its steps and its downloads told to `report`.
    func installer(_ report: @escaping Report) -> Installer {
        Installer(
            layout: layout,
            policy: policy,
            platform: platform,
            clock: clock,
            hooks: InstallHooks(
                prepareCheck: prepareCheck,
                checkLibrary: checkLibrary,
                step: { step, name in try report(.step(step, name)) },
                // A download cannot be stopped by whoever watches it.
                progress: { received, expected in
                    try? report(.progress(receivedBytes: received, expectedBytes: expected))
                }
            )
        )
    }
}

/// Changes. Each reports an outcome for every package as soon as it is in place.
extension PluginStore {
    /// Also the way for an uploaded package: a reference to its file.
    package func install(
        _ references: [PackageReference],
        options: InstallOptions,
        report: @escaping Report
    ) async throws {
        try await Outcomes(report).collect { outcomes in
            try await installer(report).install(references, options: options, installed: outcomes.add)
        }
    }

    package func install(_ bundle: BundleReader, options: InstallOptions, report: @escaping Report) async throws {
        try await Outcomes(report).collect { outcomes in
            try await installer(report).install(bundle, options: options, installed: outcomes.add)
        }
    }

    /// Returns what was removed, nothing without `prunes`.
    @discardableResult
    package func synchronize(
        with lock: Lockfile,
        options: InstallOptions,
        prunes: Bool = false,
        report: @escaping Report
    ) async throws -> [Receipt] {
        try await Outcomes(report).collect { outcomes in
            try await installer(report)
                .synchronize(with: lock, options: options, prunes: prunes, installed: outcomes.add)
        }
    }

    package func upgrade(
        _ selection: UpgradeSelection,
        options: InstallOptions,
        report: @escaping Report
    ) async throws {
        try await Outcomes(report).collect { outcomes in
            try await installer(report).upgrade(selection, options: options) { event in
                switch event {
                case .changed(let outcome): outcomes.add(outcome)
                case .skipped(let receipt, let sentence): outcomes.tell(.kept(receipt, sentence: sentence))
                }
            }
        }
    }

    package func rollBack(
        _ reference: PackageReference,
        to version: SemanticVersion?,
        options: InstallOptions,
        report: @escaping Report
    ) async throws {
        let outcome = try await installer(report).rollBack(reference, to: version, options: options)
        try report(.outcome(outcome))
    }

    /// Whether something changed; for plugins of every origin.
    @discardableResult
    package func setEnabled(_ isEnabled: Bool, _ name: PluginName) throws -> Bool {
        try MarkBook(layout: layout).changeLocked(name) { $0.isEnabled = isEnabled }
    }

    @discardableResult
    package func setPinned(_ isPinned: Bool, _ name: PluginName) throws -> Bool {
        try MarkBook(layout: layout).changeLocked(name) { $0.isPinned = isPinned }
    }

    /// `purge` forgets what a plugin itself kept, which lies outside the store.
    package func uninstall(
        _ references: [PackageReference],
        isDryRun: Bool = false,
        purge: (@Sendable (PluginName) throws -> Void)? = nil
    ) throws -> Removal.Outcome {
        try Removal(layout: layout, purge: purge).remove(references, isDryRun: isDryRun)
    }
}

/// Passes outcomes on from places that cannot fail, and keeps the failure of whoever hears them for the end.
private final class Outcomes {
    private let report: PluginStore.Report
    private var failure: (any Error)?

    init(_ report: @escaping PluginStore.Report) { self.report = report }

    func collect<Value>(_ work: (Outcomes) async throws -> Value) async throws -> Value {
        let value = try await work(self)
        if let failure { throw failure }
        return value
    }

    func add(_ outcome: InstallOutcome) { tell(.outcome(outcome)) }

    func tell(_ event: PluginStore.Event) {
        do { try report(event) } catch { failure = failure ?? error }
    }
}
