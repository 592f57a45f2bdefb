import Foundation
import Glibc
import Synchronization

/// A tiny HTTP/1.1 server on loopback for downloads: one answer per connection, each on a thread of its own.
package final class StaticFileServer: Sendable {
    package enum Answer: Sendable {
        case body([UInt8])
        case status(Int)
        case redirect(to: String)
        /// Never ends.
        case endless
        /// Announces this many bytes and sends one.
        case stalled(announced: Int)
    }

    package struct CannotListen: Error {}

    package let port: Int
    private let listener: Int32
    private let log = RequestLog()

    private final class RequestLog: Sendable {
        let paths = Mutex<[String]>([])
    }

    /// `answer` is asked for every request with its path.
    package init(_ answer: @escaping @Sendable (String) -> Answer) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        guard isListening else { throw CannotListen() }
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        let log = log
        Thread.detachNewThread {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                Thread.detachNewThread {
                    let path = Self.readPath(connection)
                    log.paths.withLock { $0.append(path) }
                    Self.send(answer(path), to: connection)
                    close(connection)
                }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    package var address: String { "http://127.0.0.1:\(port)" }

    /// The paths asked for so far.
    package var requests: [String] { log.paths.withLock { $0 } }

    private static func readPath(_ connection: Int32) -> String {
        var head: [UInt8] = []
        var byte: UInt8 = 0
        while head.count < 8192, !head.suffix(4).elementsEqual("\r\n\r\n".utf8), recv(connection, &byte, 1, 0) == 1 {
            head.append(byte)
        }
        let words = String(decoding: head, as: UTF8.self).split(separator: " ")
        return words.count > 1 ? String(words[1]) : ""
    }

    private static func send(_ answer: Answer, to connection: Int32) {
        switch answer {
        case .body(let bytes):
            _ = write("HTTP/1.1 200 OK\r\nContent-Length: \(bytes.count)\r\nConnection: close\r\n\r\n", to: connection)
            _ = write(bytes, to: connection)
        case .status(let code):
            _ = write("HTTP/1.1 \(code) No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", to: connection)
        case .redirect(let target):
            let head = "HTTP/1.1 302 Found\r\nLocation: \(target)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            _ = write(head, to: connection)
        case .endless:
            let block = [UInt8](repeating: 0x61, count: 64 << 10)
            _ = write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", to: connection)
            while write(block, to: connection) {}
        case .stalled(let announced):
            _ = write("HTTP/1.1 200 OK\r\nContent-Length: \(announced)\r\n\r\na", to: connection)
            // Until the client has had enough.
            var byte: UInt8 = 0
            _ = recv(connection, &byte, 1, 0)
        }
    }

    private static func write(_ text: String, to connection: Int32) -> Bool { write(Array(text.utf8), to: connection) }

    private static func write(_ bytes: [UInt8], to connection: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }
}
