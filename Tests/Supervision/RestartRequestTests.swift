import Core
import Foundation
import Glibc
import Supervision
import TestSupport
import Testing

@Suite("A request to restart a plugin") struct RestartRequestTests {
    private let folder: TemporaryFolder
    private let root: InstallationRoot
    private let requests: RestartRequests
    private let weather: PluginName

    init() throws {
        folder = try TemporaryFolder()
        root = InstallationRoot(folder.path)
        requests = RestartRequests(root)
        weather = try PluginName.parse("acme/weather")
    }

    @Test("reaches the host, and its answer whoever asked")
    func answered() throws {
        #expect(requests.pending().requests.isEmpty)
        let request = try requests.ask(weather)
        #expect(try requests.answer(to: request) == nil)
        #expect(requests.pending().requests == [request])
        let result = RestartRequests.Result(
            isOK: true,
            oldVersion: "1.0.0",
            newVersion: "1.0.1",
            oldHash: "aa",
            newHash: nil,
            message: "restarted"
        )
        try requests.finish(request, result)
        #expect(requests.pending().requests.isEmpty)
        #expect(try requests.answer(to: request) == result)
        #expect(try requests.answer(to: request) == nil)
    }

    @Test("gets its own answer, however many ask at the same moment")
    func together() throws {
        let first = try requests.ask(weather)
        let second = try requests.ask(weather)
        #expect(Set(requests.pending().requests) == [first, second])
        try requests.finish(first, .init(isOK: true, message: "the first"))
        #expect(requests.pending().requests == [second])
        #expect(try requests.answer(to: second) == nil)
        #expect(try requests.answer(to: first)?.message == "the first")
    }

    @Test("is not answered once it is withdrawn")
    func late() throws {
        let request = try requests.ask(weather)
        try requests.withdraw(request)
        try requests.finish(request, .init(isOK: true, message: "too late"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: requests.folder).isEmpty)
    }

    @Test("that nobody answers can be withdrawn")
    func withdrawn() throws {
        let request = try requests.ask(weather)
        try requests.withdraw(request)
        #expect(requests.pending().requests.isEmpty)
    }

    @Test("that is none is reported once and removed", arguments: ["", "[]", #"{"plugin":"acme/other","id":"1"}"#])
    func damaged(_ text: String) throws {
        try requests.prepare()
        try Data(text.utf8).write(to: URL(filePath: requests.folder + "/acme__weather.json"))
        #expect(requests.pending().problems.count == 1)
        #expect(requests.pending().problems.isEmpty)
    }

    @Test("goes to a host only where one serves")
    func presence() throws {
        #expect(!HostPresence.isServing(root))
        try FileManager.default.createDirectory(atPath: root.dataFolder, withIntermediateDirectories: true)
        let lock = open(root.serveLock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        #expect(!HostPresence.isServing(root))
        flock(lock, LOCK_EX | LOCK_NB)
        #expect(HostPresence.isServing(root))
        close(lock)
        #expect(!HostPresence.isServing(root))
    }
}
