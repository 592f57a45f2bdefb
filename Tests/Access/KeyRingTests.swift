import Core
import Foundation
import Storage
import TestSupport
import Testing

@testable import Access

@Suite struct KeyRingTests {
    private let folder: TemporaryFolder
    private let clock = HeldClock()
    private var root: InstallationRoot { InstallationRoot(folder.path) }

    init() throws { folder = try TemporaryFolder() }

    private func ring() throws -> KeyRing { try KeyRing(root: root, clock: clock.clock) }

    @Test("a new key has the documented form", arguments: KeyEnvironment.allCases)
    func form(environment: KeyEnvironment) throws {
        let made = try ring().create(name: "a", role: .viewer, environment: environment)
        let form = try Regex("prax_\(environment.rawValue)_\(made.record.id)_[0-9A-Za-z]{49}")
        #expect(made.secret.exposed.wholeMatch(of: form) != nil)
        #expect(made.record.id.wholeMatch(of: /[a-z2-7]{12}/) != nil)
        #expect(made.secret.exposed.utf8.count == 72)
    }

    @Test("neither the key nor its hash shows in what is printed, nor the key in any file")
    func hides() throws {
        let made = try ring().create(name: "a", role: .viewer)
        let secret = made.secret.exposed
        var printed = "\(made) \(made.record) \(made.secret)"
        dump(made, to: &printed)
        dump(try ring(), to: &printed)
        #expect(!printed.contains(secret.suffix(49)))
        #expect(printed.contains("<redacted>"))
        for name in try FileManager.default.contentsOfDirectory(atPath: root.dataFolder) {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: root.dataFolder + "/" + name))
            #expect(bytes.range(of: Data(secret.utf8.dropFirst(23))) == nil)
        }
    }

    @Test("the files of the keys belong to their owner alone")
    func modes() throws {
        _ = try ring()
        #expect(try folder.mode(of: "data") == 0o700)
        #expect(try folder.mode(of: "data/hash.key") == 0o600)
        #expect(try folder.mode(of: "data/praximous.db") == 0o600)
    }

    @Test("a hash key that others can read is refused with the way out")
    func tooOpen() throws {
        _ = try ring()
        chmod(root.hashKey, 0o644)
        let expected = AccessError.hashKeyTooOpen(path: root.hashKey, mode: "644")
        #expect(throws: expected) { try ring() }
        #expect(expected.description.contains("chmod 600"))
    }

    @Test("a lost hash key is an error while keys depend on it, and made anew while none do")
    func lostHashKey() throws {
        _ = try ring()
        unlink(root.hashKey)
        _ = try ring().create(name: "a", role: .viewer)
        unlink(root.hashKey)
        #expect(throws: AccessError.hashKeyMissing(path: root.hashKey, keys: 1)) { try ring() }
    }

    @Test("a hash key of another length is refused", arguments: [0, 31, 33])
    func damagedHashKey(bytes: Int) throws {
        _ = try ring()
        _ = try PrivateFile.write([UInt8](repeating: 1, count: bytes), to: root.hashKey, replacing: true)
        #expect(throws: AccessError.hashKeyDamaged(path: root.hashKey, bytes: bytes)) { try ring() }
    }

    @Test("of many who make the first admin key at once, one does")
    func firstKey() async throws {
        let root = root
        #expect(try ring().needsFirstKey(statics: .none))
        let made = try await withThrowingTaskGroup(of: NewKey?.self) { group in
            for _ in 0..<8 { group.addTask { try KeyRing(root: root).createFirstAdminKey() } }
            var made: [NewKey] = []
            for try await case let key? in group { made.append(key) }
            return made
        }
        #expect(made.count == 1)
        #expect(made.first?.record.role == .admin)
        let authenticator = try ring().authenticator()
        #expect(try authenticator.authenticate(made.first?.secret).get().name == "first-admin")
        #expect(try !ring().needsFirstKey(statics: .none))
    }

    @Test("a key of the environment makes a first key needless")
    func staticsSuffice() throws {
        let statics = try StaticKeys.parse(key: Secret("0123456789abcdef"), keys: nil)
        #expect(try !ring().needsFirstKey(statics: statics))
    }

    @Test("a scope beyond the role is refused")
    func scopes() throws {
        #expect(throws: AccessError.scopeBeyondRole(scope: "keys:manage", role: "developer")) {
            try ring().create(name: "a", role: .developer, scopes: [.skillsRead, .keysManage])
        }
    }

    @Test("a name is one printable line", arguments: ["", "a\nb", "\u{7}", String(repeating: "x", count: 101)])
    func names(name: String) throws {
        #expect(throws: AccessError.badName(maxBytes: 100)) { try ring().create(name: name, role: .viewer) }
    }

    @Test("an expiry that has passed is refused")
    func expiry() throws {
        #expect(throws: AccessError.expiryInThePast) {
            try ring().create(name: "a", role: .viewer, expiresAt: clock.now)
        }
    }

    @Test("a successor has the name, rights and lifetime of the old key and says what it replaces")
    func successor() throws {
        let ring = try ring()
        let old = try ring.create(
            name: "a",
            role: .developer,
            scopes: [.skillsRead],
            environment: .test,
            expiresAt: clock.now + 50_000_000
        )
        clock.advance(seconds: 20)
        let new = try ring.rotate(old.record.id).record
        #expect(new.name == "a")
        #expect(new.role == .developer)
        #expect(new.scopes == [.skillsRead])
        #expect(new.environment == .test)
        #expect(new.expiresAt == clock.now + 50_000_000)
        #expect(new.rotatedFrom == old.record.id)
    }

    @Test("a key that is no longer active, or unknown, cannot be rotated")
    func rotateInactive() throws {
        let ring = try ring()
        let id = try ring.create(name: "a", role: .viewer).record.id
        _ = try ring.rotate(id, grace: .seconds(60))
        #expect(throws: AccessError.notActive(id: id, state: "retiring")) { try ring.rotate(id) }
        _ = try ring.revoke(id)
        #expect(throws: AccessError.notActive(id: id, state: "revoked")) { try ring.rotate(id) }
        #expect(throws: AccessError.unknownKey(id: "none")) { try ring.rotate("none") }
        #expect(throws: AccessError.unknownKey(id: "none")) { try ring.revoke("none") }
    }

    @Test("a grace period has bounds", arguments: [Duration.seconds(-1), .seconds(90 * 86_400 + 1)])
    func grace(grace: Duration) throws {
        let ring = try ring()
        let id = try ring.create(name: "a", role: .viewer).record.id
        #expect(throws: AccessError.graceTooLong(maxDays: 90)) { try ring.rotate(id, grace: grace) }
    }
}
