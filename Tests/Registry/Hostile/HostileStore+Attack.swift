import Core
import Foundation
import PraximousJSON
import TestSupport
import Testing

@testable import Registry

extension HostileStore {
    /// Runs an attack and checks that nothing came of it but a refusal.
    static func withstand(
        _ attack: HostileCase,
        arguments: [String] = ["plugins", "install", "--yes", "acme/hello"],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let store = try await HostileStore()
        var release = try HostileRelease()
        try attack.spoil(&release)
        try store.publish(release)
        try await store.expectRefusal(
            of: arguments,
            attack.exit,
            attack.reason,
            sourceLocation: sourceLocation
        )
    }

    /// Runs a command that must be refused, and checks that nothing else came of it.
    func expectRefusal(
        of arguments: [String],
        _ exit: ExitCode,
        _ reason: String,
        environment: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let before = try snapshot()
        let answer = try await host(arguments, environment: environment)
        #expect(answer.exit == exit.rawValue, "\(answer.message) \(answer.errors)", sourceLocation: sourceLocation)
        let isSaid = reason.isEmpty || answer.message.contains(reason)
        #expect(isSaid, "\(answer.message)", sourceLocation: sourceLocation)
        expectPlainText(answer, sourceLocation: sourceLocation)
        try expectUntouched(since: before, sourceLocation: sourceLocation)
        try expectOldVersion(sourceLocation: sourceLocation)
        try await expectAuditEvent(of: answer, sourceLocation: sourceLocation)
    }

    /// A store after an upgrade that must go through.
    static func upgraded(to change: HostileCase, sourceLocation: SourceLocation = #_sourceLocation) async throws
        -> HostileStore
    {
        let store = try await HostileStore()
        var release = try HostileRelease()
        try change.spoil(&release)
        try store.publish(release)
        let answer = try await store.host(["plugins", "install", "--yes", "acme/hello"])
        #expect(answer.exit == 0, "\(answer.message) \(answer.errors)", sourceLocation: sourceLocation)
        let loadable = InstalledPackages.scan(store.root).packages.map { "\($0.manifest.version)" }
        #expect(loadable == ["1.1.0"], sourceLocation: sourceLocation)
        return store
    }

    /// The modes of the installed files by path.
    func modes() throws -> [String: mode_t] {
        let receipt = try #require(InstalledPackages(layout: layout).receipts().first)
        let tree = try InstalledTree(Folder.open(layout.storeFolder + "/" + receipt.storePath))
        #expect(tree.strangers.isEmpty)
        return Dictionary(uniqueKeysWithValues: tree.files.map { ($0.path, $0.mode) })
    }

    /// All but what a refused install may change: the cache, the lock, the log and the index seen last.
    func snapshot() throws -> Snapshot {
        let changing = ["root/plugins/cache", "root/plugins/lock", "root/data"]
        // Making and removing the stage leaves a time on the folders around it.
        let dated = ["root", "root/plugins", "root/plugins/staging"]
        return try Snapshot(of: folder.path) { changing.contains($0) }.without(datesOf: dated)
    }

    func expectUntouched(since before: Snapshot, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let changed = try snapshot().differences(from: before)
        #expect(changed.isEmpty, "\(changed)", sourceLocation: sourceLocation)
        #expect(folder.names(below: "root/plugins/staging").isEmpty, sourceLocation: sourceLocation)
        let partial = folder.names(below: "root/plugins/cache").filter { $0.hasSuffix(".part") }
        #expect(partial.isEmpty, sourceLocation: sourceLocation)
    }

    /// Release 1.0.0 is active, whole, and what a host would load.
    func expectOldVersion(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let loadable = InstalledPackages.scan(root).packages.map { "\($0.manifest.name) \($0.manifest.version)" }
        #expect(loadable == ["acme/hello 1.0.0"], sourceLocation: sourceLocation)
        let key = try #require(TestKeys.store).publicKey
        let verified = try Verification(layout: layout, policy: StorePolicy(index: "", keys: [key])).verify(nil)
        #expect(verified.map(\.isIntact) == [true], "\(verified.map(\.problems))", sourceLocation: sourceLocation)
        #expect(
            folder.names(below: "root/plugins/receipts") == ["acme__hello.json"],
            sourceLocation: sourceLocation
        )
        let active = try? FileManager.default.destinationOfSymbolicLink(atPath: layout.activeFolder + "/acme__hello")
        #expect(active?.hasPrefix("../store/acme/hello/1.0.0-") == true, sourceLocation: sourceLocation)
    }

    /// The refusal is in the audit log, once and under its code.
    private func expectAuditEvent(of answer: Answer, sourceLocation: SourceLocation) async throws {
        let code = answer.error?["code"]?.stringValue ?? ""
        let query = "select error_code from audit_events where kind = 'admin' and error_code is not null"
        let recorded = try Compressor.output(["sqlite3", root.auditDatabase, query], input: [])
        #expect(String(decoding: recorded, as: UTF8.self) == code + "\n", sourceLocation: sourceLocation)
    }

    /// Nothing of a stranger's name or text may reach a terminal as it is, and the reason is one line.
    private func expectPlainText(_ answer: Answer, sourceLocation: SourceLocation) {
        // The ellipsis is ours.
        let isPlain = answer.message.unicodeScalars.allSatisfy { (" "..."~").contains($0) || $0 == "…" }
        #expect(isPlain && !answer.message.isEmpty, "\(answer.message)", sourceLocation: sourceLocation)
        let isQuiet = answer.errors.unicodeScalars.allSatisfy { (" "..."~").contains($0) || $0 == "…" || $0 == "\n" }
        #expect(isQuiet, "\(answer.errors)", sourceLocation: sourceLocation)
    }
}

extension Snapshot {
    func without(datesOf paths: [String]) -> Snapshot {
        var copy = self
        for path in paths { copy.forgetDate(of: path) }
        return copy
    }
}
