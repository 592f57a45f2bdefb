import Core
import Foundation
import TestSupport
import Testing

@testable import Access

@Suite struct HostEnvironmentTests {
    @Test("the process wins over the file")
    func precedence() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/config/.env"
        try HostEnvironment.set("A", to: Secret("file"), in: path)
        try HostEnvironment.set("B", to: Secret("file"), in: path)
        let environment = try HostEnvironment(process: ["A": "process"], file: path)
        #expect(environment["A"]?.exposed == "process")
        #expect(environment["B"]?.exposed == "file")
        #expect(environment["C"] == nil)
        #expect(environment.warnings.isEmpty)
        #expect(try folder.mode(of: "config/.env") == 0o600)
    }

    @Test("a file that is not there is no error")
    func missing() throws {
        let folder = try TemporaryFolder()
        #expect(try HostEnvironment(process: [:], file: folder.path + "/.env")["A"] == nil)
    }

    @Test("a file that others can read is warned about, with the way out")
    func warns() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/.env"
        try HostEnvironment.set("A", to: Secret("x"), in: path)
        chmod(path, 0o640)
        let warning = try #require(HostEnvironment(process: [:], file: path).warnings.first)
        #expect(warning.contains("has mode 640"))
        #expect(warning.contains("chmod 600 \(path)"))
    }

    @Test("an error names the file and the line")
    func errors() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/.env"
        try Data("A=1\nhunter2\n".utf8).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: AccessError.self) { try HostEnvironment(process: [:], file: path) }
        #expect(error?.description.hasPrefix("\(path): line 2: expected NAME=VALUE") == true)
    }

    @Test("a file that is not text is refused")
    func binary() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/.env"
        try Data([0xFF, 0xFE]).write(to: URL(fileURLWithPath: path))
        #expect(throws: AccessError.unreadable(path: path, reason: "it is not UTF-8 text")) {
            try HostEnvironment(process: [:], file: path)
        }
    }
}
