import Audit
import Core
import Storage
import TestSupport
import Testing

@Suite struct AuditReaderTests {
    @Test("pages go from the newest to the oldest, also while events are added")
    func pages() async throws {
        let folder = try TemporaryFolder()
        let log = try AuditLog(path: folder.path + "/audit.db")
        for number in 1...5 { try await log.record(event("\(number)")) }
        let first = try await log.page(limit: 2)
        #expect(first.events.map(\.event.requestID) == ["5", "4"])
        try await log.record(event("6"))
        let second = try await log.page(limit: 2, before: first.next)
        #expect(second.events.map(\.event.requestID) == ["3", "2"])
        let third = try await log.page(limit: 2, before: second.next)
        #expect(third.events.map(\.event.requestID) == ["1"])
        #expect(third.next == nil)
        try await log.close()
    }

    @Test("a page has 1 to 1000 events, whatever is asked", arguments: [(-5, 1), (0, 1), (3, 3), (5000, 1000)])
    func bounds(asked: Int, expected: Int) async throws {
        let folder = try TemporaryFolder()
        let log = try AuditLog(path: folder.path + "/audit.db")
        for number in 1...1001 { try await log.record(event("\(number)")) }
        #expect(try await log.page(limit: asked).events.count == expected)
        try await log.close()
    }

    @Test(
        "a filter shows the events that match in every part",
        arguments: [
            (AuditFilter(), ["4", "3", "2", "1"]),
            (AuditFilter(status: .error), ["3"]),
            (AuditFilter(kind: .authentication), ["4"]),
            (AuditFilter(taskType: "echo"), ["2", "1"]),
            (AuditFilter(taskType: "' OR 1=1 --"), []),
            (AuditFilter(provider: "skill:simple_math"), ["3"]),
            (AuditFilter(keyID: "k2"), ["3", "2"]),
            (AuditFilter(taskType: "echo", keyID: "k2"), ["2"]),
            (AuditFilter(errorCode: "bad_number"), ["3"]),
            (AuditFilter(from: 20, until: 40), ["3", "2"]),
        ] as [(AuditFilter, [String])]
    )
    func filters(filter: AuditFilter, expected: [String]) async throws {
        let folder = try TemporaryFolder()
        let log = try AuditLog(path: folder.path + "/audit.db")
        try await log.record(event("1", 10, "k1", "echo"))
        try await log.record(event("2", 20, "k2", "echo"))
        var failed = event("3", 30, "k2", "simple_math")
        failed.status = .error
        failed.errorCode = "bad_number"
        try await log.record(failed)
        try await log.record(AuditEvent(requestID: "4", time: 40, kind: .authentication, status: .success))
        #expect(try await log.page(filter: filter).events.map(\.event.requestID) == expected)
        #expect(try await log.count(filter: filter) == expected.count)
        try await log.close()
    }

    @Test("a cursor reads back what it wrote and nothing else", arguments: ["0", "-3", "+3", "03", "x", "", " 3"])
    func cursors(text: String) {
        #expect(AuditCursor(text) == nil)
        #expect(AuditCursor("12")?.text == "12")
    }

    @Test("a log that is not there is an error that names its path")
    func missing() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/audit.db"
        #expect(throws: StorageError.missing(path: path)) { try AuditReader(path: path) }
    }

    private func event(_ id: String, _ time: Int64 = 1, _ key: String? = nil, _ task: String? = nil) -> AuditEvent {
        AuditEvent(
            requestID: id,
            time: time,
            kind: .process,
            status: .success,
            keyID: key,
            taskType: task,
            provider: task.map { "skill:" + $0 }
        )
    }
}
