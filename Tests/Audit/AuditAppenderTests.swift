import Audit
import Core
import Foundation
import TestSupport
import Testing

@Suite("Single events of the audit log") struct AuditAppenderTests {
    private func event(_ id: String) -> AuditEvent {
        AuditEvent(
            requestID: id,
            time: 1,
            kind: .administration,
            status: .success,
            principalName: "cli:root",
            operation: "plugins.install",
            provider: "plugin:acme/one@1.0.0"
        )
    }

    @Test("are written beside a running log, and read by it")
    func beside() async throws {
        let folder = try TemporaryFolder()
        let log = try AuditLog(path: folder.path + "/audit.db")
        try await log.record(event("a"))
        let appender = try AuditAppender(path: folder.path + "/audit.db")
        try appender.append(event("b"))
        try appender.close()
        try await log.record(event("c"))
        #expect(Set(try await log.page().events.map(\.event.requestID)) == ["a", "b", "c"])
        try await log.close()
    }

    @Test("are refused a second time under one id")
    func twice() throws {
        let folder = try TemporaryFolder()
        let appender = try AuditAppender(path: folder.path + "/audit.db")
        try appender.append(event("a"))
        #expect(throws: AuditError.duplicateRequest(id: "a")) { try appender.append(event("a")) }
    }

    @Test("need a log that can be opened before anything is done")
    func unwritable() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/audit.db", withIntermediateDirectories: true)
        #expect(throws: (any Error).self) { try AuditAppender(path: folder.path + "/audit.db") }
    }
}
