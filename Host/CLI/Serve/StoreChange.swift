import Core
import Foundation
import HTTPAPI
import PluginRuntime
import PraximousJSON
import Registry
import Supervision
import Synchronization

/// One change of plugins that somebody asked for over HTTP.
struct StoreChange: Sendable {
    let root: InstallationRoot
    let store: PluginStore
    let sync: PluginSync
    let progress: @Sendable (JSON) -> Void

    func run(_ request: StoreRequest, _ caller: StoreCaller) async throws -> JSON {
        try await ChangeJournal.run(request.operation, request.subjects, in: root, as: Journalist(caller)) { journal in
            switch request {
            case .install(let references, let options):
                let references = try references.map(Self.packageReference)
                return try await collect(journal) { report in
                    try await store.install(references, options: install(options), report: report)
                }
            case .installFile(let path, let options):
                return try await collect(journal) { report in try await installFile(path, options, report) }
            case .upgrade(let names, let options):
                let references = try names.isEmpty ? nil : names.map(Self.packageReference)
                let selection = UpgradeSelection(references: references, includesPrereleases: options.allowPrerelease)
                return try await collect(journal) { report in
                    try await store.upgrade(selection, options: install(options), report: report)
                }
            case .rollback(let name, let version, let options):
                let reference = try Self.packageReference(name)
                return try await collect(journal) { report in
                    try await store.rollBack(reference, to: version, options: install(options), report: report)
                }
            case .enable(let name): return try await mark(name, isEnabled: true, journal)
            case .disable(let name): return try await mark(name, isEnabled: false, journal)
            case .remove(let name, let purge): return try await remove(name, purge: purge, journal)
            case .restart(let name): return try await restart(name, journal)
            case .search, .details, .outdated: return .null
            }
        }
    }

    /// Files of this machine and other sites are for those who have a shell here.
    private static func packageReference(_ text: String) throws -> PackageReference {
        let reference = try PackageReference(text)
        switch reference.subject {
        case .full, .short, .digest: return reference
        case .file, .url:
            throw CommandFailure(
                .usage,
                "\(text.quotedForMessage()) is no package of an index.",
                hint: "Upload a file: POST /api/v1/plugins/upload.",
                code: "reference_malformed"
            )
        }
    }

    private func install(_ options: StoreRequestOptions) -> InstallOptions {
        var install = InstallOptions.forHost()
        install.consent = Consent(
            accepted: Consent.accepted(options.acceptedPermissions?.joined(separator: ",")),
            show: { [progress] request in progress(request.json) }
        )
        install.force = options.force
        install.allowUnsigned = options.allowUnsigned
        return install
    }

    private func installFile(
        _ path: String,
        _ options: StoreRequestOptions,
        _ report: @escaping PluginStore.Report
    ) async throws {
        if BundleReader.isBundle(path) {
            try await store.install(BundleReader(path), options: install(options), report: report)
        } else {
            try await store.install([PackageReference(path)], options: install(options), report: report)
        }
    }

    /// What was done, also where a later part of it failed: then the error says so.
    private func collect(
        _ journal: ChangeJournal,
        _ work: (@escaping PluginStore.Report) async throws -> Void
    ) async throws -> JSON {
        let outcomes = Mutex<[InstallOutcome]>([])
        let kept = Mutex<[JSON]>([])
        let steps = ProgressSteps(progress)
        let report: PluginStore.Report = { event in
            switch event {
            case .step(let step, let name): steps.step(step, name)
            case .progress(let received, let expected): steps.download(received, of: expected)
            case .outcome(let outcome):
                outcomes.withLock { $0.append(outcome) }
                try journal.changed([outcome])
            case .kept(let receipt, let sentence):
                kept.withLock { $0.append(["name": .string("\(receipt.name)"), "reason": .string(sentence)]) }
            }
        }
        do {
            try await work(report)
        } catch {
            await sync.refresh()
            let done = outcomes.withLock { $0 }.filter { $0.change != .alreadyThere }
            guard !done.isEmpty else { throw error }
            let failure = CommandFailure(error, parser: PraxHost.self)
            let names = done.map(\.receipt.name.description).joined(separator: ", ")
            let message = failure.message + " Done before that: \(names)."
            throw CommandFailure(failure.exitCode, message, hint: failure.hint, code: failure.code)
        }
        await sync.refresh()
        let done = outcomes.withLock { $0.map(\.json) }
        return ["packages": .array(done), "kept": .array(kept.withLock { $0 })]
    }

    private func mark(_ text: String, isEnabled: Bool, _ journal: ChangeJournal) async throws -> JSON {
        let known = try KnownPlugin.find(text, in: root)
        let version = known.folder?.manifest.version ?? SemanticVersion(0, 0, 0)
        if try store.setEnabled(isEnabled, known.name) { try journal.changed(known.name, version) }
        await sync.refresh()
        return ["name": .string("\(known.name)"), "enabled": .bool(isEnabled)]
    }

    private func remove(_ name: String, purge: Bool, _ journal: ChangeJournal) async throws -> JSON {
        let outcome = try store.uninstall([Self.packageReference(name)])
        for receipt in outcome.removed { try journal.changed(receipt.name, receipt.version) }
        // Not before its worker is gone, which would write it all again.
        await sync.refresh()
        if purge { for receipt in outcome.removed { try PluginLeftovers(root: root).remove(receipt.name) } }
        func names(_ receipts: [Receipt]) -> JSON { .array(receipts.map { .string("\($0.name)") }) }
        return ["removed": names(outcome.removed), "orphans": names(outcome.orphans), "purged": .bool(purge)]
    }

    private func restart(_ plugin: String, _ journal: ChangeJournal) async throws -> JSON {
        let known = try KnownPlugin.find(plugin, in: root)
        guard try MarkBook(layout: store.layout).marks(of: known.name).isEnabled else {
            throw CommandFailure(
                .conflict,
                "\(known.name) is disabled, and so there is nothing to restart.",
                hint: "Enable it: POST /api/v1/plugins/\(known.name)/enable.",
                code: "plugin_disabled"
            )
        }
        let result = await sync.restartNow(known.name)
        guard result.isOK else {
            throw CommandFailure(
                .internalError,
                "\(known.name) was not restarted: \(result.message)",
                hint: "See the host's log, then: prax-host doctor",
                code: "restart_failed"
            )
        }
        try journal.changed(known.name, known.folder?.manifest.version ?? SemanticVersion(0, 0, 0))
        func text(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
        return [
            "name": .string("\(known.name)"), "old_version": text(result.oldVersion),
            "new_version": text(result.newVersion), "old_hash": text(result.oldHash), "new_hash": text(result.newHash),
        ]
    }
}

/// Steps and downloads as events, no more than a hundred for each download.
private final class ProgressSteps: Sendable {
    private let tell: @Sendable (JSON) -> Void
    private let percent = Mutex(-1)

    init(_ tell: @escaping @Sendable (JSON) -> Void) { self.tell = tell }

    func step(_ step: InstallStep, _ name: PluginName?) {
        percent.withLock { $0 = -1 }
        tell(["step": .string("\(step)"), "plugin": name.map { .string("\($0)") } ?? .null])
    }

    func download(_ received: Int, of expected: Int) {
        let now = expected > 0 ? min(100, received * 100 / expected) : received >> 20
        let isNew = percent.withLock { percent in
            defer { percent = now }
            return percent != now
        }
        guard isNew else { return }
        tell(["step": "downloading", "received_bytes": .integer(received), "expected_bytes": .integer(expected)])
    }
}

extension ConsentRequest {
    fileprivate var json: JSON {
        let changes =
            difference?.changes.map { JSON.string($0.sentence) } ?? permissions.map { .string($0.description) }
        return [
            "step": "consent", "plugin": .string("\(name)"), "version": .string("\(version)"),
            "permissions": .array(changes), "needs": .array(newTokens.map(JSON.string)),
        ]
    }
}

extension StoreRequest {
    /// What the audit log calls it when it is refused.
    fileprivate var subjects: [String] {
        switch self {
        case .install(let references, _): references
        case .upgrade(let names, _): names
        case .rollback(let name, _, _), .enable(let name), .disable(let name), .remove(let name, _), .restart(let name):
            [name]
        case .details(let reference): [reference]
        case .installFile: ["upload"]
        case .search, .outdated: []
        }
    }
}
