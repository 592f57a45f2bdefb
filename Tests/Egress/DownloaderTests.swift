import Core
import Egress
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("Downloads")
struct DownloaderTests {
    private let quick = DownloadLimits(connectSeconds: 5, idleSeconds: 1, minBytesPerSecond: 64, totalSeconds: 20)

    private func fetch(_ address: String, maxBytes: Int = 1 << 20, limits: DownloadLimits? = nil) async throws
        -> [UInt8]
    {
        try await Downloader(policy: DownloadPolicy(limits: limits ?? quick)).fetch(
            WebAddress(address),
            maxBytes: maxBytes
        )
    }

    @Test("arrive whole over http from loopback")
    func ordinary() async throws {
        let server = try StaticFileServer { _ in .body(Array("hello".utf8)) }
        #expect(try await fetch(server.address + "/a") == Array("hello".utf8))
        #expect(server.requests == ["/a"])
    }

    @Test("are written to an open file, with progress")
    func toFile() async throws {
        let body = [UInt8](repeating: 7, count: 300_000)
        let server = try StaticFileServer { _ in .body(body) }
        let path = FileManager.default.temporaryDirectory.appending(path: "download-\(UUID().uuidString)").path
        defer { unlink(path) }
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
        defer { close(descriptor) }
        let last = Mutex(0)
        let count = try await Downloader().fetch(WebAddress(server.address), into: descriptor, maxBytes: 300_000) {
            progress in
            last.withLock { $0 = progress.receivedBytes }
        }
        #expect(count == 300_000)
        #expect(try Data(contentsOf: URL(filePath: path)) == Data(body))
        #expect(last.withLock { $0 } == 300_000)
    }

    @Test("are read from file: addresses, blanks and all")
    func localFile() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "a b#\(UUID().uuidString)").path
        try Data("local".utf8).write(to: URL(filePath: path))
        defer { unlink(path) }
        #expect(try await Downloader().fetch(WebAddress(filePath: path), maxBytes: 100) == Array("local".utf8))
    }

    @Test("end at the cap when the body never does", .timeLimit(.minutes(1)))
    func endless() async throws {
        let server = try StaticFileServer { _ in .endless }
        let error = await #expect(throws: DownloadError.self) { try await fetch(server.address, maxBytes: 100_000) }
        #expect(error == .tooLarge(place: "127.0.0.1", maxBytes: 100_000))
        #expect(error?.exitCode == .verificationFailed)
    }

    @Test("end at once when the announced length is past the cap")
    func announced() async throws {
        let server = try StaticFileServer { _ in .stalled(announced: 1_000_000) }
        await #expect(throws: DownloadError.tooLarge(place: "127.0.0.1", maxBytes: 10)) {
            try await fetch(server.address, maxBytes: 10)
        }
    }

    @Test("time out when the server only drips", .timeLimit(.minutes(1)))
    func stalled() async throws {
        let server = try StaticFileServer { _ in .stalled(announced: 1000) }
        let error = await #expect(throws: DownloadError.self) { try await fetch(server.address) }
        guard case .timedOut(let place, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(place == "127.0.0.1")
        #expect(error?.exitCode == .network)
    }

    @Test("follow redirects on the same machine")
    func redirects() async throws {
        let server = try StaticFileServer { $0 == "/a" ? .redirect(to: "/b/c") : .body(Array("there".utf8)) }
        #expect(try await fetch(server.address + "/a") == Array("there".utf8))
        #expect(server.requests == ["/a", "/b/c"])
    }

    @Test(
        "do not follow redirects to where they could do harm",
        arguments: ["file:///etc/passwd", "http://169.254.169.254/latest", "ftp://127.0.0.1/x", "http://[fe80::1]/x"]
    )
    func badRedirects(_ target: String) async throws {
        let server = try StaticFileServer { _ in .redirect(to: target) }
        let error = await #expect(throws: DownloadError.self) { try await fetch(server.address) }
        guard case .redirectRefused(place: "127.0.0.1", _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.exitCode == .network)
        #expect(server.requests == ["/"])
    }

    @Test("give up after five redirects")
    func loop() async throws {
        let server = try StaticFileServer { _ in .redirect(to: "/again") }
        await #expect(throws: DownloadError.tooManyRedirects(place: "127.0.0.1", limit: 5)) {
            try await fetch(server.address)
        }
        #expect(server.requests.count == 6)
    }

    @Test("say which status the server gave")
    func status() async throws {
        let server = try StaticFileServer { _ in .status(503) }
        await #expect(throws: DownloadError.status(place: "127.0.0.1", code: 503)) { try await fetch(server.address) }
    }

    @Test("refuse plain http beyond loopback, and other schemes, before connecting")
    func schemes() async throws {
        await #expect(throws: DownloadError.plainHTTPRefused(place: "skills.example.org")) {
            try await fetch("http://skills.example.org/")
        }
        await #expect(throws: DownloadError.schemeRefused(scheme: "gopher")) { try await fetch("gopher://127.0.0.1/") }
        await #expect(throws: DownloadError.malformedURL) { try await fetch("not a url") }
    }

    @Test("say that a local file is not there")
    func missingFile() async throws {
        await #expect(
            throws: DownloadError.unreadableFile(path: "/nonexistent/x", reason: "no such file, or not readable")
        ) {
            try await fetch("file:///nonexistent/x")
        }
    }

    @Test("stop when their task is cancelled", .timeLimit(.minutes(1)))
    func cancellation() async throws {
        let server = try StaticFileServer { _ in .endless }
        let (started, continuation) = AsyncStream.makeStream(of: Void.self)
        let address = try WebAddress(server.address)
        let task = Task {
            try await Downloader().fetch(address, maxBytes: .max) { _ in continuation.yield() }
        }
        for await _ in started { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
