import Foundation
import Glibc

/// A blocking HTTP/1.1 client connection that sends whatever bytes a test wants.
///
/// For one thread at a time.
package final class HTTPConnection {
    package enum Problem: Error, Equatable {
        case cannotConnect(Int32)
        /// The other side closed, or the time was up, before the answer was complete.
        case closed, timedOut, notHTTP(String)
    }

    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var hasEnded = false

    package init(port: Int, timeoutSeconds: Int = 20) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var timeout = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let number = errno
            close(descriptor)
            throw Problem.cannotConnect(number)
        }
    }

    deinit { close(descriptor) }

    /// Sends all bytes; false when the other side no longer takes them.
    @discardableResult
    package func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Says that nothing more will be sent, and goes on reading.
    package func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// The next answer on this connection.
    package func readAnswer(toHead: Bool = false) throws -> HTTPAnswer {
        var end = buffer.firstRange(of: Array("\r\n\r\n".utf8))
        while end == nil {
            try fill()
            end = buffer.firstRange(of: Array("\r\n\r\n".utf8))
        }
        let head = String(decoding: buffer[..<(end?.lowerBound ?? 0)], as: UTF8.self)
        buffer.removeFirst(end?.upperBound ?? 0)
        let lines = head.components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw Problem.notHTTP(lines[0])
        }
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (String(line[..<colon]), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
        }
        // An interim answer is followed by the real one; who reads heads wants to see it.
        if status == 100, !toHead { return try readAnswer(toHead: toHead) }
        let shell = HTTPAnswer(status: status, headers: headers, body: [])
        if toHead || status == 204 || status == 304 { return shell }
        return HTTPAnswer(status: status, headers: headers, body: try readBody(of: shell))
    }

    private func readBody(of answer: HTTPAnswer) throws -> [UInt8] {
        if answer["Transfer-Encoding"]?.lowercased() == "chunked" { return try readChunks() }
        guard let text = answer["Content-Length"], let length = Int(text) else { return readToEnd() }
        return try take(length)
    }

    private func readChunks() throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let line = String(decoding: try takeLine(), as: UTF8.self)
            guard let length = Int(line.split(separator: ";")[0], radix: 16) else { throw Problem.notHTTP(line) }
            body += try take(length)
            _ = try takeLine()
            if length == 0 { return body }
        }
    }

    /// Everything until the other side closes or the time is up.
    package func readToEnd() -> [UInt8] {
        while !hasEnded {
            do { try fill() } catch { break }
        }
        defer { buffer = [] }
        return buffer
    }

    /// Waits for the other side to close; false when it did not in time.
    package func waitForClose() -> Bool {
        _ = readToEnd()
        return hasEnded
    }

    /// The next bytes.
    package func take(_ count: Int) throws -> [UInt8] {
        while buffer.count < count { try fill() }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    private func takeLine() throws -> [UInt8] {
        while true {
            if let range = buffer.firstRange(of: Array("\r\n".utf8)) {
                defer { buffer.removeFirst(range.upperBound) }
                return Array(buffer[..<range.lowerBound])
            }
            try fill()
        }
    }

    private func fill() throws {
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &piece, piece.count, 0)
        if count > 0 {
            buffer += piece[..<count]
        } else if count < 0, errno == EAGAIN || errno == EWOULDBLOCK {
            throw Problem.timedOut
        } else {
            hasEnded = true
            throw Problem.closed
        }
    }
}
