import Core
import Foundation
import PraximousJSON
import TestSupport
import Testing

@testable import Registry

/// Attacks on a store with a root, withstood by the real host; numbers as in ``HostileArchiveTests``.
@Suite("A store with a root is refused, and the old release stays,") struct HostileTrustTests {
    private static let install = ["plugins", "install", "--yes", "--force", "acme/hello"]

    /// A host that believes a store for one key of its root, with acme/hello 1.0.0 installed from it.
    private static func prepare(timestamp: Int = 7) async throws -> (rooted: RootedStore, host: HostileStore) {
        var package = TestPackage()
        package.library = try HelloLibrary.installed.get()
        let rooted = try RootedStore(package, end: "2099-01-01")
        try rooted.publish(version: 5, timestamp: timestamp)
        let folder = rooted.store.folder
        let key = rooted.rootKeys[0].publicKey.base64
        try folder.write("root/config/praximous.yaml", "store: { index: \(folder.path)/out, keys: [\"\(key)\"] }\n")
        let host = HostileStore(folder)
        let answer = try await host.host(["plugins", "install", "--yes", "acme/hello"])
        #expect(answer.exit == 0, "\(answer.message) \(answer.errors)")
        return (rooted, host)
    }

    @Test("for its roots, its timestamp and their signatures", arguments: TrustCases.all)
    func trust(_ attack: TrustCase) async throws {
        let (rooted, host) = try await Self.prepare()
        try attack.spoil(rooted)
        try await host.expectRefusal(of: Self.install, .verificationFailed, attack.reason)
    }

    @Test("13 not when its root has changed the keys with which a thief drove the versions up")
    func fastForward() async throws {
        let (rooted, host) = try await Self.prepare(timestamp: Int(1) << 53 - 1)
        try rooted.rotate(from: 21)
        try rooted.publish(version: 3, timestamp: 2)
        let answer = try await host.host(Self.install)
        #expect(answer.exit == 0, "\(answer.message)")
        try host.expectOldVersion()
    }

    @Test("20 by a host whose clock shows 2001, which it says instead of an expiry")
    func clock() async throws {
        let (_, host) = try await Self.prepare()
        let shim = try Compiler.library(
            """
            #define _GNU_SOURCE
            #include <sys/syscall.h>
            #include <time.h>
            #include <unistd.h>
            __attribute__((visibility("default"))) int clock_gettime(clockid_t clock, struct timespec *time) {
                int status = syscall(SYS_clock_gettime, clock, time);
                if (clock == CLOCK_REALTIME) time->tv_sec = 978307200;
                return status;
            }
            """
        )
        let path = try host.folder.write("clock.so", shim)
        try await host.expectRefusal(
            of: Self.install,
            .verificationFailed,
            "the clock is wrong: it shows 2001-01-01T00:00:00Z",
            environment: ["LD_PRELOAD": path]
        )
    }

    @Test("16 for packages that need each other in a circle")
    func circle() async throws {
        let attack = HostileCase("16 a circle", "a cycle, acme/hello -> acme/hello", exit: .conflict) { release in
            release.changeVersion = { $0["depends"] = [["name": "acme/hello", "req": "^1"]] }
        }
        try await HostileStore.withstand(attack)
    }

    @Test("16 for a name that two indexes offer, and for one that another index takes over")
    func confusion() async throws {
        let (rooted, host) = try await Self.prepare()
        var other = TestPackage()
        (other.version, other.library) = ("9.0.0", try HelloLibrary.compile(version: "9.0.0"))
        let second = try TestStore()
        try second.add(other)
        var strange = TestPackage(name: "acme/shared")
        strange.taskType = "shared"
        for store in [rooted.store, second] { try store.add(strange) }
        try rooted.publish(version: 6)
        try second.publish(expires: "2099-01-01")
        let key = try host.folder.write("second.pub", second.key.publicKey.base64)
        let add = try await host.host(["plugins", "index", "add", "second", second.policy.index, "--root-key", key])
        #expect(add.exit == 0, "\(add.errors)")
        try await host.expectRefusal(
            of: ["plugins", "install", "--yes", "acme/shared"],
            .usage,
            "\"acme/shared\" could be default:acme/shared or second:acme/shared"
        )
        // What is bound to an index stays with it, also when the other has a newer one.
        let upgrade = try await host.host(["plugins", "upgrade", "--all", "--yes"])
        #expect(upgrade.exit == 0, "\(upgrade.message)")
        try host.expectOldVersion()
        let install = try await host.host(["plugins", "install", "--yes", "second:acme/hello"])
        #expect(install.exit == 7, "\(install.message)")
        try host.expectOldVersion()
    }
}
