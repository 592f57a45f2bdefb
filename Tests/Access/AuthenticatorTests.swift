import Core
import Foundation
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Access

/// A clock that the test moves.
final class HeldClock: Sendable {
    private let time = Mutex<Int64>(1_000_000_000)
    var clock: WallClock { WallClock { self.time.withLock { $0 } } }
    func advance(seconds: Int64) { time.withLock { $0 += seconds * 1_000_000 } }
    var now: Int64 { time.withLock { $0 } }
}

@Suite struct AuthenticatorTests {
    private let folder: TemporaryFolder
    private let clock = HeldClock()
    private let ring: KeyRing

    init() throws {
        folder = try TemporaryFolder()
        ring = try KeyRing(root: InstallationRoot(folder.path), clock: clock.clock)
    }

    private func code(_ authenticator: Authenticator, _ key: Secret?) -> String {
        switch authenticator.authenticate(key) {
        case .success(let principal): principal.name
        case .failure(let failure): failure.code
        }
    }

    @Test("a key that was made is known, with its role and scopes")
    func accepts() throws {
        let made = try ring.create(name: "ci", role: .developer, scopes: [.invoke(skill: "echo")], environment: .test)
        let principal = try ring.authenticator().authenticate(made.secret).get()
        #expect(principal.keyID == made.record.id)
        #expect(principal.name == "ci")
        #expect(principal.role == .developer)
        #expect(principal.environment == .test)
        #expect(principal.mayInvoke(skill: "echo"))
        #expect(!principal.mayInvoke(skill: "simple_math"))
    }

    @Test("no key is answered with the original's text", arguments: [nil, Secret("")])
    func missing(key: Secret?) throws {
        let result = try ring.authenticator().authenticate(key)
        guard case .failure(let failure) = result else { throw Surprise() }
        #expect(failure.kind == .unauthenticated)
        #expect(failure.code == "missing_api_key")
        #expect(failure.message == "Not authenticated: API key is missing.")
    }

    @Test("whatever is wrong with a key, the text is the original's and says no more")
    func refuses() throws {
        let made = try ring.create(name: "ci", role: .developer)
        let text = made.secret.exposed
        let stranger = APIKeyText.compose(
            environment: .live,
            id: "zzzzzzzzzzzz",
            secret: String(repeating: "a", count: 43)
        )
        let forged = APIKeyText.compose(
            environment: .live,
            id: made.record.id,
            secret: String(repeating: "a", count: 43)
        )
        let authenticator = try ring.authenticator()
        let wrong = [
            Secret("x"), Secret(String(repeating: "x", count: 100_000)), Secret(text + "0"),
            Secret(String(text.dropLast())), Secret(text.uppercased()), Secret("pra\u{0}x"), stranger, forged,
        ]
        for key in wrong {
            guard case .failure(let failure) = authenticator.authenticate(key) else { throw Surprise() }
            #expect(failure.kind == .denied)
            #expect(failure.code == "invalid_api_key")
            #expect(failure.message == "Access denied: Invalid API key.")
            #expect(failure.hint == nil)
        }
    }

    @Test("keys that others make and revoke count from the next request on")
    func seesOthers() throws {
        let authenticator = try ring.authenticator()
        let other = try KeyRing(root: InstallationRoot(folder.path), clock: clock.clock)
        let made = try other.create(name: "new", role: .viewer)
        #expect(code(authenticator, made.secret) == "new")
        _ = try other.revoke(made.record.id)
        #expect(code(authenticator, made.secret) == "revoked_api_key")
    }

    @Test("an expired key is refused from its time on, and told so only to who has the whole key")
    func expires() throws {
        let made = try ring.create(name: "short", role: .viewer, expiresAt: clock.now + 10_000_000)
        let authenticator = try ring.authenticator()
        clock.advance(seconds: 9)
        #expect(code(authenticator, made.secret) == "short")
        clock.advance(seconds: 1)
        #expect(code(authenticator, made.secret) == "expired_api_key")
        let forged = APIKeyText.compose(
            environment: .live,
            id: made.record.id,
            secret: String(repeating: "b", count: 43)
        )
        #expect(code(authenticator, forged) == "invalid_api_key")
    }

    @Test("a rotated key is refused at once, or when its grace period ends")
    func rotates() throws {
        let authenticator = try ring.authenticator()
        let first = try ring.create(name: "app", role: .developer)
        let second = try ring.rotate(first.record.id)
        #expect(code(authenticator, first.secret) == "revoked_api_key")
        #expect(code(authenticator, second.secret) == "app")
        let third = try ring.rotate(second.record.id, grace: .seconds(60))
        #expect(code(authenticator, second.secret) == "app")
        clock.advance(seconds: 60)
        #expect(code(authenticator, second.secret) == "revoked_api_key")
        #expect(code(authenticator, third.secret) == "app")
    }

    @Test("keys of the environment are accepted beside the stored ones")
    func statics() throws {
        let legacy = String(repeating: "0123456789abcdef", count: 4)
        let own = try ring.create(name: "own", role: .viewer)
        let statics = try StaticKeys.parse(
            key: Secret(legacy),
            keys: Secret("ops:admin:a-long-enough-key:with-colon")
        )
        let authenticator = try ring.authenticator(statics: statics)
        let principal = try authenticator.authenticate(Secret(legacy)).get()
        #expect(principal.name == "static-1")
        #expect(principal.role == .developer)
        #expect(principal.keyID.hasPrefix("env_"))
        #expect(principal.keyID.utf8.count == 14)
        #expect(try authenticator.authenticate(Secret("a-long-enough-key:with-colon")).get().role == .admin)
        #expect(code(authenticator, own.secret) == "own")
        #expect(code(authenticator, Secret("ops:admin:a-long-enough-key:with-colon")) == "invalid_api_key")
    }

    @Test("a key of our own format given by the environment is a static key too")
    func staticInOwnFormat() throws {
        let foreign = APIKeyText.compose(
            environment: .live,
            id: "abcdefghijkl",
            secret: String(repeating: "c", count: 43)
        )
        let authenticator = try ring.authenticator(statics: StaticKeys.parse(key: foreign, keys: nil))
        #expect(code(authenticator, foreign) == "static-1")
    }

    @Test("the last use of a key is written when it is flushed")
    func lastUse() async throws {
        let used = try ring.create(name: "used", role: .viewer)
        _ = try ring.create(name: "unused", role: .viewer)
        let authenticator = try ring.authenticator()
        clock.advance(seconds: 5)
        _ = authenticator.authenticate(used.secret)
        try await authenticator.flushLastUsed()
        let times = try ring.list().reduce(into: [:]) { $0[$1.name] = $1.lastUsedAt }
        #expect(times == ["used": clock.now])
    }

    @Test("cancelling the service writes the last uses")
    func serviceEnds() async throws {
        let used = try ring.create(name: "used", role: .viewer)
        let authenticator = try ring.authenticator()
        _ = authenticator.authenticate(used.secret)
        let service = Task { try await authenticator.run() }
        service.cancel()
        try await service.value
        #expect(try ring.list().first?.lastUsedAt == clock.now)
    }

    @Test("many requests at once while keys come and go are each answered rightly")
    func concurrent() async throws {
        let authenticator = try ring.authenticator()
        let kept = try ring.create(name: "kept", role: .viewer).secret
        let ring = ring
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<200 { _ = try authenticator.authenticate(kept).get() }
                }
            }
            group.addTask {
                for number in 0..<20 {
                    let made = try ring.create(name: "\(number)", role: .viewer)
                    _ = try authenticator.authenticate(made.secret).get()
                    _ = try ring.revoke(made.record.id)
                    guard case .failure = authenticator.authenticate(made.secret) else { throw Surprise() }
                }
            }
            try await group.waitForAll()
        }
    }
}

struct Surprise: Error {}
