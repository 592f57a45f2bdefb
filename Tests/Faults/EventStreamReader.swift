import Foundation
import Glibc
import PraximousJSON
import TestSupport

/// A client of an event stream that reads as slowly as it is told to.
///
/// For one thread at a time.
final class EventStreamReader {
    struct CannotConnect: Error {}

    private let descriptor: Int32
    private(set) var received: [UInt8] = []
    private(set) var hasEnded = false

    /// Sends one streaming call of the plugin that does harm.
    init(_ host: RunningHost, _ operation: String, receiveBufferBytes: Int32 = 64 << 10) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var size = receiveBufferBytes
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(host.port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw CannotConnect() }
        let request = HTTPBytes.request(
            "POST",
            "/api/v1/process",
            headers: host.header(of: .admin) + [
                ("Content-Type", "application/json"), ("Accept", "text/event-stream"), ("Connection", "close"),
            ],
            body: RunningHost.faultRequest(operation).encoded()
        )
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw CannotConnect()
        }
    }

    deinit { close(descriptor) }

    /// Reads what has come, at most so much; waits for the first byte.
    func read(atMost count: Int) {
        var piece = [UInt8](repeating: 0, count: count)
        let length = recv(descriptor, &piece, piece.count, 0)
        if length > 0 { received += piece[..<length] } else { hasEnded = true }
    }

    func readToEnd() { while !hasEnded { read(atMost: 64 << 10) } }

    var text: String { String(decoding: received, as: UTF8.self) }
    var status: Int { text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0 }

    /// The kinds of the events, in their order.
    var events: [String] {
        text.matches(of: #/(?m)^event: *([a-z_-]+)\r?$/#).map { String($0.1) }
    }

    /// The first `code` in what was received: the terminal event's, or that of the whole answer.
    var code: String? { text.firstMatch(of: #/"code" *: *"([a-z_]+)"/#).map { String($0.1) } }
}
