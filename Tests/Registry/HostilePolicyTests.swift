import Core
import PraximousJSON
import Testing

@testable import Registry

/// What neither `--yes` nor accepted permissions bring past the operator, with the real host; numbers as in
/// ``HostileArchiveTests``.
@Suite("An upgrade ends with exit code 8, and the old release stays,") struct HostilePolicyTests {
    struct Attempt: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Of the new release's skill.yaml.
        let skillYAML: String
        let arguments: [String]
        let reason: String
        /// The operator's, as `store: rules:` has them.
        var rules = "{}"
    }

    private static let network = "permissions: { network.http: { hosts: [\"*\"] } }"
    private static let install = ["plugins", "install", "acme/hello"]
    private static let upgrade = ["plugins", "upgrade", "--all"]

    static let attempts: [Attempt] = [
        Attempt(
            testDescription: "62 when an install with --yes would widen permissions",
            skillYAML: network,
            arguments: install + ["--yes"],
            reason: "asks for permissions nobody has accepted: network.http:*"
        ),
        Attempt(
            testDescription: "62 when an upgrade with --yes would widen permissions",
            skillYAML: network,
            arguments: upgrade + ["--yes"],
            reason: "asks for permissions nobody has accepted: network.http:*"
        ),
        Attempt(
            testDescription: "62 when other permissions are accepted than are asked for",
            skillYAML: network,
            arguments: upgrade + ["--yes", "--accept-permissions", "storage.kv,network.http:a.example"],
            reason: "asks for permissions nobody has accepted: network.http:*"
        ),
        Attempt(
            testDescription: "62 when the operator denies what a person accepts",
            skillYAML: network,
            arguments: upgrade + ["--yes", "--accept-permissions", "all"],
            reason: "it asks for network.http, which is denied",
            rules: "{ permissions: { deny: [network.http] } }"
        ),
        Attempt(
            testDescription: "63 when a release wants to run inside the host",
            skillYAML: "isolation: { mode: inproc }",
            arguments: install + ["--yes", "--accept-permissions", "all"],
            reason: "it asks to run inside the host"
        ),
        Attempt(
            testDescription: "63 when an upgrade wants to run inside the host",
            skillYAML: "isolation: { mode: inproc }",
            arguments: upgrade + ["--yes", "--accept-permissions", "all"],
            reason: "it asks to run inside the host",
            rules: "{ inproc: false }"
        ),
        Attempt(
            testDescription: "when its owner has been denied since",
            skillYAML: "",
            arguments: install + ["--yes"],
            reason: "the owner acme is denied",
            rules: "{ owners: { deny: [acme] } }"
        ),
        Attempt(
            testDescription: "when only official packages may be installed by now",
            skillYAML: "",
            arguments: upgrade + ["--yes"],
            reason: "it must be official",
            rules: "{ require: official }"
        ),
    ]

    /// With release 1.0.0 from the index: one from a file is not upgraded by itself.
    private static func store() async throws -> HostileStore {
        let store = try await HostileStore()
        var first = try HostileRelease("1.0.0")
        first.changeIndex = { $0["version"] = 1 }
        try store.publish(first)
        let answer = try await store.host(["plugins", "install", "--yes", "--force", "acme/hello"])
        #expect(answer.exit == 0, "\(answer.message)")
        return store
    }

    @Test("as the operator's rules and people's consent have it", arguments: attempts)
    func refused(_ attempt: Attempt) async throws {
        let store = try await Self.store()
        try store.setRules(attempt.rules)
        var release = try HostileRelease()
        release.package.extra = attempt.skillYAML
        release.replace("skill.yaml", with: Array(release.package.manifest.utf8))
        try store.publish(release)
        try await store.expectRefusal(of: attempt.arguments, .refused, attempt.reason)
    }

    @Test("also when a rollback would bring back what the operator has denied since")
    func rollback() async throws {
        let store = try await Self.store()
        try store.publish(HostileRelease())
        let upgrade = try await store.host(Self.upgrade + ["--yes"])
        #expect(upgrade.exit == 0, "\(upgrade.message)")
        try store.setRules("{ owners: { deny: [acme] } }")
        let answer = try await store.host(["plugins", "rollback", "acme/hello"])
        #expect(answer.exit == 8, "\(answer.message)")
        #expect(answer.error?["code"] == "owner_denied")
        let loadable = InstalledPackages.scan(store.root).packages.map { "\($0.manifest.version)" }
        #expect(loadable == ["1.1.0"])
    }
}
