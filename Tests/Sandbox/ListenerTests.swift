import CLinux
import Core
import Glibc
import TestSupport
import Testing

@testable import Sandbox

@Suite("A listener for denials") struct ListenerTests {
    /// Starts one on this descriptor, for this process; the number returned becomes readable when it has ended.
    private func listen(on descriptor: Int32) throws -> (listener: DenialListener, ended: Int32) {
        var ends: [Int32] = [-1, -1]
        #expect(prax_pipe_cloexec(&ends) == 0)
        let end = ends[1]
        let listener = try DenialListener(
            descriptor: descriptor,
            worker: getpid(),
            profile: SandboxProfile(mode: .sandbox, expectedParent: getppid()),
            report: { _ in },
            ended: { close(end) }
        )
        return (listener, ends[0])
    }

    private func hasEnded(_ end: Int32) async throws -> Bool {
        try await Blocking.run {
            var poller = pollfd(fd: end, events: Int16(POLLIN), revents: 0)
            defer { close(end) }
            return poll(&poller, 1, 20000) == 1
        }
    }

    @Test("ends by itself when what it was given is no listener", arguments: ["/dev/zero", "/etc/localtime", "/"])
    func noListener(_ path: String) async throws {
        let (listener, ended) = try listen(on: open(path, O_RDONLY | O_CLOEXEC))
        #expect(try await hasEnded(ended))
        listener.stop()
    }

    @Test("ends when it is told to, once and again")
    func stops() async throws {
        var silent: [Int32] = [-1, -1]
        #expect(prax_pipe_cloexec(&silent) == 0)
        let (listener, ended) = try listen(on: silent[0])
        listener.stop()
        listener.stop()
        #expect(try await hasEnded(ended))
        close(silent[1])
    }

    @Test("ends when nobody holds it any more")
    func forgotten() async throws {
        var silent: [Int32] = [-1, -1]
        #expect(prax_pipe_cloexec(&silent) == 0)
        let ended = try listen(on: silent[0]).ended
        #expect(try await hasEnded(ended))
        close(silent[1])
    }
}
