import Core
import Foundation
import PraximousJSON
import Synchronization
import Testing

@testable import Registry

@Suite("The operator's rules for packages") struct StoreRulesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let rules: StoreRules
        /// nil when the package may be installed.
        let code: String?
        var skillYAML: String = ""
    }

    private static let network = "permissions:\n  network.http: { hosts: [\"api.example.org\"] }\n"
    private static let inproc = "isolation: { mode: inproc }\n"

    static let cases: [Case] = [
        Case(testDescription: "nothing is ruled out", rules: StoreRules(), code: nil),
        Case(testDescription: "signed", rules: StoreRules(require: .signed), code: nil),
        Case(testDescription: "verified", rules: StoreRules(require: .verified), code: nil),
        Case(testDescription: "official", rules: StoreRules(require: .official), code: "trust_too_low"),
        Case(testDescription: "owner denied", rules: StoreRules(deniedOwners: ["acme"]), code: "owner_denied"),
        Case(testDescription: "owner not allowed", rules: StoreRules(allowedOwners: ["corp"]), code: "owner_denied"),
        Case(testDescription: "owner allowed", rules: StoreRules(allowedOwners: ["acme"]), code: nil),
        Case(
            testDescription: "permission denied",
            rules: StoreRules(deniedPermissions: ["network.http"]),
            code: "permission_denied",
            skillYAML: network
        ),
        Case(
            testDescription: "permission not allowed",
            rules: StoreRules(allowedPermissions: ["storage.kv"]),
            code: "permission_denied",
            skillYAML: network
        ),
        Case(testDescription: "inside the host", rules: StoreRules(), code: "inproc_denied", skillYAML: inproc),
        Case(
            testDescription: "inside the host, allowed",
            rules: StoreRules(allowsInProcess: true),
            code: nil,
            skillYAML: inproc
        ),
    ]

    @Test("decide before anybody is asked", arguments: cases)
    func decide(_ rule: Case) async throws {
        let store = try TestStore()
        try store.add(TestPackage(name: "acme/hello", extra: rule.skillYAML))
        try store.publish()
        store.policy.rules = rule.rules
        let asked = Asked()
        let consent = Consent(accepted: .all, show: { _ in asked.note() })
        guard let code = rule.code else {
            try await store.install("hello", options: InstallOptions(consent: consent))
            return
        }
        let error = try #require(try await store.refusal("hello", options: InstallOptions(consent: consent)))
        #expect((error.exitCode, error.code) == (.refused, code))
        #expect(asked.count == 0)
    }

    @Test("may ask for a verified publisher")
    func verified() async throws {
        let store = try TestStore()
        try store.add(TestPackage(name: "acme/hello"))
        try store.publish { index in
            guard var publishers = index["publishers"]?.objectValue, var acme = publishers["acme"]?.objectValue else {
                return
            }
            acme["tier"] = "community"
            publishers["acme"] = .object(acme)
            index["publishers"] = .object(publishers)
        }
        store.policy.rules.require = .verified
        let error = try #require(try await store.refusal("hello"))
        #expect((error.exitCode, error.code) == (.refused, "trust_too_low"))
        #expect(error.message.contains("it must be verified, and is trusted, its publisher is not called verified"))
    }
}

private final class Asked: Sendable {
    private let times = Mutex(0)
    var count: Int { times.withLock { $0 } }
    func note() { times.withLock { $0 += 1 } }
}
