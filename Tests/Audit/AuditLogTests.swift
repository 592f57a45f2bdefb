import Core
import Foundation
import GRDB
import Storage
import TestSupport
import Testing

@testable import Audit

@Suite struct AuditLogTests {
    private func event(_ id: String, time: Int64 = 1_700_000_000_000_000) -> AuditEvent {
        AuditEvent(requestID: id, time: time, kind: .process, status: .success, provider: "skill:echo")
    }

    /// Commits only when someone flushes or closes.
    private var unhurried: AuditLimits {
        var limits = AuditLimits()
        limits.commitDelayNanoseconds = 60_000_000_000
        return limits
    }

    @Test("an event comes back with all that was recorded", arguments: AuditLog.Mode.allCases)
    func roundTrip(mode: AuditLog.Mode) async throws {
        let folder = try TemporaryFolder()
        let log = try AuditLog(path: folder.path + "/audit.db", mode: mode)
        let full = AuditEvent(
            requestID: "0192f0c1-0000-4000-8000-000000000001",
            time: 1_763_860_000_123_456,
            kind: .process,
            status: .error,
            keyID: "abcdefghijkl",
            principalName: "Büro 7",
            taskType: "text_manipulation",
            operation: "",
            provider: "skill:text_manipulation",
            failure: .unprocessable,
            errorCode: "validation_failed",
            latencyMicroseconds: 845,
            requestBytes: 5_000_000_000,
            responseBytes: 0,
            clientAddress: "::1",
            modelUse: ModelUse(
                model: "gpt-4o",
                usage: TokenUsage(
                    inputTokens: 5_000_000_000,
                    outputTokens: 2,
                    cachedInputTokens: 3,
                    isEstimated: true
                ),
                costMicros: 1_234_567,
                attempts: 3,
                firstTokenMicroseconds: 81_000
            )
        )
        let bare = AuditEvent(requestID: "2", time: 0, kind: .authentication, status: .error)
        let unanswered = AuditEvent(
            requestID: "4",
            time: 0,
            kind: .process,
            status: .error,
            modelUse: ModelUse()
        )
        try await log.record(full)
        try await log.record(bare)
        try await log.record(unanswered)
        #expect(try await log.event(requestID: "4")?.event == unanswered)
        #expect(try await log.event(requestID: full.requestID) == StoredAuditEvent(sequence: 1, event: full))
        #expect(try await log.event(requestID: "2") == StoredAuditEvent(sequence: 2, event: bare))
        #expect(try await log.event(requestID: "3") == nil)
        try await log.close()
    }

    @Test("a log from before models were counted is gone on with")
    func upgraded() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/audit.db"
        let old = try DatabaseFile.open(path, migrations: Array(AuditSchema.migrations.prefix(1)), durability: .full)
        try await old.write { database in
            try database.execute(
                sql: """
                    INSERT INTO audit_events (request_id, time, kind, status, latency_us, request_bytes, response_bytes)
                    VALUES ('1', 5, 'process', 'success', 1, 2, 3)
                    """
            )
        }
        // A command of this version may read it before a host has brought it up to date.
        let reader = try AuditReader(path: path)
        #expect(try await reader.event(requestID: "1")?.event.modelUse == nil)
        try old.close()
        let log = try AuditLog(path: path)
        try await log.record(
            AuditEvent(requestID: "2", time: 6, kind: .process, status: .success, modelUse: ModelUse(attempts: 1))
        )
        #expect(try await log.page().events.map(\.event.modelUse?.attempts) == [1, nil])
        try await log.close()
    }

    @Test(
        "a client's text is stored in full view and bounded",
        arguments: [
            ("echo\u{0}hidden", "echo\u{FFFD}hidden"),
            (String(repeating: "x", count: 512), String(repeating: "x", count: 512)),
            (String(repeating: "x", count: 100_000), String(repeating: "x", count: 512) + "…"),
        ]
    )
    func boundsText(text: String, expected: String) async throws {
        let folder = try TemporaryFolder()
        let log = try AuditLog(path: folder.path + "/audit.db")
        try await log.record(AuditEvent(requestID: "1", time: 0, kind: .process, status: .error, taskType: text))
        #expect(try await log.event(requestID: "1")?.event.taskType == expected)
        try await log.close()
    }

    @Test("strict: the row is there for another connection when record returns")
    func strict() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/audit.db"
        let log = try AuditLog(path: path, mode: .strict)
        let reader = try AuditReader(path: path)
        for id in ["a", "b", "c"] {
            try await log.record(event(id))
            #expect(try await reader.event(requestID: id) != nil)
        }
        try await log.close()
    }

    @Test(
        "strict syncs each commit, group leaves that to the checkpoint once a second",
        arguments: [(AuditLog.Mode.strict, "2"), (.group, "1")]
    )
    func durability(mode: AuditLog.Mode, expected: String) throws {
        let folder = try TemporaryFolder()
        let file = try AuditFile(path: folder.path + "/audit.db", mode: mode)
        let settings = try file.queue.read { database in
            try ["synchronous", "journal_mode"].map { try String.fetchOne(database, sql: "PRAGMA \($0)") }
        }
        #expect(settings == [expected, "wal"])
    }

    @Test("nothing is lost when many record at once through a small queue", arguments: AuditLog.Mode.allCases)
    func concurrent(mode: AuditLog.Mode) async throws {
        let folder = try TemporaryFolder()
        var limits = AuditLimits()
        limits.queuedEvents = 8
        limits.batchEvents = 4
        let log = try AuditLog(path: folder.path + "/audit.db", mode: mode, limits: limits)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<20 {
                group.addTask {
                    for number in 0..<25 { try await log.record(event("\(task)-\(number)")) }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await log.count() == 500)
        try await log.close()
    }

    @Test("closing keeps what was recorded and refuses what comes after")
    func closes() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/audit.db"
        let log = try AuditLog(path: path, mode: .group)
        for number in 0..<100 { try await log.record(event("\(number)")) }
        try await log.close()
        try await log.close()
        await #expect(throws: AuditError.closed) { try await log.record(event("late")) }
        #expect(try await AuditReader(path: path).count() == 100)
        #expect(try await log.page(limit: 1).events.map(\.event.requestID) == ["99"])
    }

    @Test("strict: the second event of a request id is refused, the others of its batch are kept")
    func duplicates() async throws {
        let folder = try TemporaryFolder()
        let log = try AuditLog(path: folder.path + "/audit.db", mode: .strict)
        try await log.record(event("a"))
        await #expect(throws: AuditError.duplicateRequest(id: "a")) { try await log.record(event("a")) }
        try await log.record(event("b"))
        #expect(try await log.count() == 2)
        try await log.close()
    }

    @Test("a log that opens again goes on where it was")
    func reopens() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/audit.db"
        for id in ["a", "b"] {
            let log = try AuditLog(path: path)
            try await log.record(event(id))
            try await log.close()
        }
        #expect(try await AuditReader(path: path).page().events.map(\.sequence) == [2, 1])
    }

    @Test("strict: a disk that refuses is told to the caller, and the log recovers with it")
    func strictFailure() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/audit.db"
        let log = try AuditLog(path: path, mode: .strict)
        try await breaking(path) {
            await #expect(throws: AuditError.writeFailed(reason: "the disk is full")) {
                try await log.record(event("a"))
            }
            #expect(!log.isHealthy)
        }
        try await log.record(event("b"))
        #expect(log.isHealthy)
        #expect(try await log.page().events.map(\.event.requestID) == ["b"])
        try await log.close()
    }

    @Test("group: after a failed write events are refused, and the one that was taken is written later")
    func groupFailure() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/audit.db"
        let log = try AuditLog(path: path, mode: .group, limits: unhurried)
        try await breaking(path) {
            try await log.record(event("a"))
            await #expect(throws: AuditError.writeFailed(reason: "the disk is full")) { try await log.flush() }
            await #expect(throws: AuditError.unhealthy(reason: "the disk is full")) {
                try await log.record(event("b"))
            }
            #expect(!log.isHealthy)
        }
        try await log.close()
        #expect(try await AuditReader(path: path).page().events.map(\.event.requestID) == ["a"])
    }

    @Test("group: closing while the disk refuses says what is lost")
    func groupLoss() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/audit.db"
        let log = try AuditLog(path: path, mode: .group, limits: unhurried)
        try await breaking(path) {
            for id in ["a", "b"] { try await log.record(event(id)) }
            await #expect(throws: AuditError.lost(events: 2, reason: "the disk is full")) { try await log.close() }
        }
    }

    @Test("what a caller hears names no path and asks to look at the disk")
    func failure() {
        let failure = AuditError.writeFailed(reason: "disk I/O error").failure
        #expect(failure.kind == .unavailable)
        #expect(failure.code == "audit_unavailable")
        #expect(failure.message == "The request could not be recorded in the audit log.")
    }

    /// Lets every insert fail, as a full disk would, by a trigger that another connection puts in and takes out.
    private func breaking(_ path: String, _ body: () async throws -> Void) async throws {
        let other = try DatabaseFile.open(path, migrations: AuditSchema.migrations)
        try await other.write {
            try $0.execute(
                sql: """
                    CREATE TRIGGER refuse BEFORE INSERT ON audit_events
                    BEGIN SELECT RAISE(ABORT, 'the disk is full'); END
                    """
            )
        }
        try await body()
        try await other.write { try $0.execute(sql: "DROP TRIGGER refuse") }
        try other.close()
    }
}
