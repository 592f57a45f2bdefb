import Foundation
import PraximousJSON
import TestSupport
import Testing

/// The host is killed before each change that it makes to the installation's files, one after the other: counting goes
/// on until a run comes through.
@Suite("A host that is killed", .enabled(if: SourceTree.isDebugHost)) struct CrashPointTests {
    @Test("at any point of an install has the plugin or has it not, and goes on", .timeLimit(.minutes(30)))
    func install() async throws {
        let store = try await CrashStore()
        let points = try await store.killEverywhere(
            ["plugins", "install", "--yes", CrashStore.name],
            allowed: [[], ["1.0.0"]],
            index: store.first
        ) { _ in }
        #expect(points.count > 20, "\(points)")
    }

    @Test("at any point of an upgrade has the old version or the new one, and goes on", .timeLimit(.minutes(30)))
    func upgrade() async throws {
        let store = try await CrashStore()
        let points = try await store.killEverywhere(
            ["plugins", "install", "--yes", CrashStore.name],
            allowed: [["1.0.0"], ["1.1.0"]],
            index: store.second
        ) { try await store.install(in: $0, index: store.first) }
        #expect(points.count > 20, "\(points)")
    }

    @Test("at any point of a second upgrade, which removes the oldest version, goes on", .timeLimit(.minutes(30)))
    func secondUpgrade() async throws {
        let store = try await CrashStore()
        let points = try await store.killEverywhere(
            ["plugins", "install", "--yes", CrashStore.name],
            allowed: [["1.1.0"], ["1.2.0"]],
            index: store.third
        ) { root in
            try await store.install(in: root, index: store.first)
            try await store.install(in: root, index: store.second)
        }
        #expect(points.count > 20, "\(points)")
    }

    @Test("at any point of a removal has the plugin or has it not, and goes on", .timeLimit(.minutes(30)))
    func removal() async throws {
        let store = try await CrashStore()
        let points = try await store.killEverywhere(
            ["plugins", "remove", "--yes", CrashStore.name],
            allowed: [["1.0.0"], []],
            index: store.first
        ) { try await store.install(in: $0, index: store.first) }
        #expect(points.count >= 10, "\(points)")
    }

    @Test("at any point of `plugins upgrade` has the old version or the new one, and goes on", .timeLimit(.minutes(30)))
    func upgradeAll() async throws {
        let store = try await CrashStore()
        let points = try await store.killEverywhere(
            ["plugins", "upgrade", "--all", "--yes"],
            allowed: [["1.0.0"], ["1.1.0"]],
            index: store.second,
            step: 3
        ) { try await store.install(in: $0, index: store.first) }
        #expect(points.count > 13, "\(points)")
    }

    @Test("at any point of a rollback has the version before or the one after, and goes on", .timeLimit(.minutes(30)))
    func rollback() async throws {
        let store = try await CrashStore()
        let points = try await store.killEverywhere(
            ["plugins", "rollback", CrashStore.name],
            allowed: [["1.1.0"], ["1.0.0"]],
            index: store.second
        ) { root in
            try await store.install(in: root, index: store.first)
            try await store.install(in: root, index: store.second)
        }
        #expect(points.count > 5, "\(points)")
    }

    @Test("at any point of a sync has what was there or what the lock file says, and goes on", .timeLimit(.minutes(30)))
    func sync() async throws {
        let store = try await CrashStore()
        let lock = try await store.lock(of: store.second)
        let points = try await store.killEverywhere(
            ["plugins", "sync", "-f", lock, "--yes"],
            allowed: [["1.0.0"], ["1.1.0"]],
            index: store.second,
            step: 4
        ) { try await store.install(in: $0, index: store.first) }
        #expect(points.count > 10, "\(points)")
    }
}
