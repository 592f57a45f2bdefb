import Foundation
import TestSupport
import Testing

/// A web server for a store's folder that misbehaves for one of its files, in a process of its own.
final class BadServer: Sendable {
    /// The ways to misbehave.
    enum Fault: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case missing, broken, forbidden, truncated, endless, dripping, longer, shorter, bomb, reset, silent, garbage
        case fileRedirect, metadataRedirect, loopRedirect, plainRedirect, emptyRedirect, headers

        var testDescription: String { rawValue }
    }

    struct DidNotStart: Error { let output: String }

    let address: String
    private let program: ChildProgram

    /// `file` is how the path of the spoiled file ends; with a certificate the server speaks TLS.
    init(folder: String, fault: Fault?, file: String, certificate: String? = nil) throws {
        program = try ChildProgram(
            ["python3", "-c", Self.script, folder, fault?.rawValue ?? "", file] + (certificate.map { [$0] } ?? []),
            environment: ProcessInfo.processInfo.environment
        )
        let output = program.output.wait { $0.contains("\n") }
        guard let port = output.split(separator: "\n").first.flatMap({ Int($0) }) else {
            throw DidNotStart(output: output + program.errors.text)
        }
        address = certificate == nil ? "http://127.0.0.1:\(port)" : "https://localhost:\(port)"
    }

    private static let script = #"""
        import os, socket, ssl, struct, sys, threading, time, zlib
        root, fault, target = sys.argv[1:4]

        def head(status, length=None, *lines):
            fields = [f"HTTP/1.1 {status} X", "Connection: close", *lines]
            if length is not None: fields.append(f"Content-Length: {length}")
            return ("\r\n".join(fields) + "\r\n\r\n").encode()

        def redirect(to): return head(302, 0, "Location: " + to)

        def forever(connection, piece, pause=0):
            while True:
                connection.sendall(piece)
                if pause: time.sleep(pause)

        def bomb():
            packer = zlib.compressobj(9, zlib.DEFLATED, 31)
            return b"".join(packer.compress(bytes(1 << 20)) for _ in range(8)) + packer.flush()

        def misbehave(connection, path, body):
            send = connection.sendall
            if fault == "missing": send(head(404, 0))
            elif fault == "broken": send(head(500, 0))
            elif fault == "forbidden": send(head(403, 0))
            elif fault == "truncated": send(head(200, len(body)) + body[:len(body) // 2])
            elif fault == "longer": send(head(200, len(body) + 7) + body + b"evil..\n")
            elif fault == "shorter": send(head(200, len(body) - 10) + body)
            elif fault == "endless":
                send(head(200))
                forever(connection, b"a" * 65536)
            elif fault == "dripping":
                send(head(200, len(body)))
                for byte in body:
                    connection.sendall(bytes([byte]))
                    time.sleep(1)
            elif fault == "bomb":
                packed = bomb()
                send(head(200, len(packed), "Content-Encoding: gzip") + packed)
            elif fault == "reset":
                send(head(200, len(body)) + body[:10])
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            elif fault == "silent": connection.recv(1)
            elif fault == "garbage": send(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
            elif fault == "headers":
                send(b"HTTP/1.1 200 X\r\n")
                forever(connection, b"X-More: " + b"m" * 1000 + b"\r\n")
            elif fault == "fileRedirect": send(redirect("file:///etc/passwd"))
            elif fault == "metadataRedirect": send(redirect("http://169.254.169.254/latest/meta-data/"))
            elif fault == "loopRedirect": send(redirect(path))
            elif fault == "plainRedirect": send(redirect("http://localhost:1" + path))
            elif fault == "emptyRedirect": send(head(302, 0, "Location: http://[::"))

        def serve(connection):
            try:
                if context: connection = context.wrap_socket(connection, server_side=True)
                request = b""
                while b"\r\n\r\n" not in request:
                    more = connection.recv(4096)
                    if not more: return
                    request += more
                path = request.split(b" ")[1].decode()
                try: body = open(root + os.path.normpath(path), "rb").read()
                except OSError: return connection.sendall(head(404, 0))
                if fault and path.endswith(target): misbehave(connection, path, body)
                else: connection.sendall(head(200, len(body)) + body)
            except OSError: pass
            finally: connection.close()

        context = None
        if len(sys.argv) > 4:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[4])
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)
        while True: threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
        """#
}
