import Foundation
import Glibc
import TestSupport

/// nginx with one folder to serve, in a process of its own.
final class Nginx: Sendable {
    struct DidNotStart: Error { let output: String }

    let address: String
    private let scratch: ScratchFolder
    private let program: ChildProgram

    /// `folder` may be a link, which can be pointed elsewhere while nginx runs.
    init(folder: String) async throws {
        scratch = try ScratchFolder()
        let port = try Self.freePort()
        address = "http://127.0.0.1:\(port)"
        try scratch.write(Self.configuration(port: port, folder: folder, user: getuid() == 0), to: "nginx.conf")
        program = try ChildProgram(
            ["/usr/sbin/nginx", "-p", scratch.path, "-c", scratch.path + "/nginx.conf", "-e", "stderr"],
            environment: ProcessInfo.processInfo.environment
        )
        for _ in 0..<200 {
            let answer = try await Command.run(["curl", "-s", "-o", "/dev/null", address + "/"])
            if answer.exitCode == 0 { return }
            guard program.isRunning else { break }
        }
        throw DidNotStart(output: program.errors.text)
    }

    /// Status and path of every request so far, such as `304 /skills.json`.
    var requests: [String] {
        let text = try? String(contentsOfFile: scratch.path + "/requests", encoding: .utf8)
        return (text ?? "").split(separator: "\n").map(String.init)
    }

    private static func configuration(port: Int, folder: String, user isRoot: Bool) -> String {
        """
        \(isRoot ? "user root;" : "")
        daemon off;
        master_process off;
        pid nginx.pid;
        events { worker_connections 64; }
        http {
            log_format short "$status $uri";
            access_log requests short;
            client_body_temp_path temp-body;
            proxy_temp_path temp-proxy;
            fastcgi_temp_path temp-fastcgi;
            uwsgi_temp_path temp-uwsgi;
            scgi_temp_path temp-scgi;
            types { application/json json; application/gzip gz; }
            server { listen 127.0.0.1:\(port); root \(folder); }
        }
        """
    }

    /// A port that was free a moment ago.
    private static func freePort() throws -> Int {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && getsockname(listener, address, &length) == 0
            }
        }
        guard isBound else { throw DidNotStart(output: "no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
