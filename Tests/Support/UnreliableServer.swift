import Foundation

/// An HTTP server on loopback that misbehaves in the way its path says, in a process of its own.
package final class UnreliableServer: Sendable {
    package struct DidNotStart: Error {
        let output: String
    }

    package let port: Int
    /// What it says of what it does, a line for each event.
    package let output: CapturedOutput
    private let program: ChildProgram

    /// With a certificate it speaks TLS, and HTTP/2 where the client offers it.
    package init(certificate: String? = nil) throws {
        let arguments = ["python3", "-c", Self.script] + (certificate.map { [$0] } ?? [])
        program = try ChildProgram(arguments, environment: ProcessInfo.processInfo.environment)
        output = program.output
        let text = output.wait { $0.contains("\n") }
        guard let port = text.split(separator: "\n").first.flatMap({ Int($0) }) else {
            throw DidNotStart(output: text + program.errors.text)
        }
        self.port = port
    }

    package func url(_ path: String, host: String = "127.0.0.1") -> String { "http://\(host):\(port)\(path)" }

    /// Waits until it has said this; everything it has said by then.
    package func says(_ words: String) async throws -> String {
        try await Blocking.run { [output] in output.wait { $0.contains(words) } }
    }

    /// Makes a key and a certificate for localhost in one file, and returns its path.
    package static func makeCertificate(in folder: TemporaryFolder) throws -> String {
        let path = folder.path + "/server.pem"
        let arguments = [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost", "-keyout", path, "-out", path + ".crt",
        ]
        let program = try ChildProgram(arguments, environment: ProcessInfo.processInfo.environment)
        guard program.waitForExit() == 0 else { throw DidNotStart(output: program.errors.text) }
        let whole =
            try String(contentsOfFile: path, encoding: .utf8) + String(contentsOfFile: path + ".crt", encoding: .utf8)
        try whole.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private static let script = #"""
        import asyncio, ssl, struct, sys, zlib
        from urllib.parse import parse_qs, unquote, urlsplit

        def say(text): print(text, flush=True)

        async def read_head(reader):
            head = await reader.readuntil(b"\r\n\r\n")
            length = 0
            for line in head.split(b"\r\n"):
                if line.lower().startswith(b"content-length:"): length = int(line.split(b":")[1])
            return head + await reader.readexactly(length)

        def answer(body, extra=""):
            return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n{extra}\r\n".encode() + body

        def chunk(data): return b"%x\r\n%s\r\n" % (len(data), data)

        async def until_closed(reader):
            while await reader.read(4096): pass

        async def big(writer, size):
            writer.transport.set_write_buffer_limits(high=0)
            writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode())
            sent, block = 0, b"x" * 65536
            while sent < size:
                writer.write(block[:size - sent])
                sent += len(block[:size - sent])
                drained = asyncio.ensure_future(writer.drain())
                done, _ = await asyncio.wait([drained], timeout=0.5)
                if not done: say(f"blocked at {sent}")
                await drained
            say(f"sent {sent}")

        def bomb(size):
            packer = zlib.compressobj(9, zlib.DEFLATED, 31)
            return b"".join(packer.compress(bytes(1 << 20)) for _ in range(size >> 20)) + packer.flush()

        async def h2(reader, writer):
            def frame(kind, flags, stream, payload):
                writer.write(struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload)
            await reader.readexactly(24)
            frame(4, 0, 0, b"")
            while True:
                head = await reader.readexactly(9)
                length, kind, flags = int.from_bytes(head[:3], "big"), head[3], head[4]
                stream = int.from_bytes(head[5:], "big")
                await reader.readexactly(length)
                if kind == 4 and not flags & 1: frame(4, 1, 0, b"")
                if kind == 1:
                    frame(1, 4, stream, b"\x88")
                    frame(0, 1, stream, b"over h2")
                await writer.drain()

        async def serve(reader, writer):
            secure = writer.get_extra_info("ssl_object")
            if secure and secure.selected_alpn_protocol() == "h2": return await h2(reader, writer)
            while True:
                request = await read_head(reader)
                target = request.split(b" ")[1].decode()
                url = urlsplit(target)
                query = {k: v[0] for k, v in parse_qs(url.query).items()}
                say("asked " + target)
                write = writer.write
                if url.path == "/hello": write(answer(b"hello", "Content-Type: text/plain\r\nX-Twice: a\r\nX-Twice:  b \r\n"))
                elif url.path == "/echo": write(answer(request))
                elif url.path == "/status": write(f"HTTP/1.1 {query['code']} Whatever\r\nContent-Length: 0\r\n\r\n".encode())
                elif url.path == "/redirect":
                    code = query.get("code", "302")
                    write(f"HTTP/1.1 {code} Elsewhere\r\nLocation: {query['to']}\r\nContent-Length: 5\r\n\r\nmoved".encode())
                elif url.path == "/pieces":
                    write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                    for number in range(int(query["n"])):
                        write(chunk(b"piece %d\n" % number))
                        await writer.drain()
                        await asyncio.sleep(0.05)
                    write(b"0\r\nX-Trailer: 1\r\n\r\n")
                elif url.path == "/hold":
                    write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(b"first"))
                    await until_closed(reader)
                    say("left")
                    return
                elif url.path == "/silent":
                    await until_closed(reader)
                    say("left")
                    return
                elif url.path == "/drip":
                    write(b"HTTP/1.1 200 OK\r\n\r\n")
                    while True:
                        write(b"a")
                        await writer.drain()
                        await asyncio.sleep(1)
                elif url.path == "/cut": write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this"); return
                elif url.path == "/cut-chunk": write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(b"only this")); return
                elif url.path == "/garbage": write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzzz\r\nno\r\n")
                elif url.path == "/nonsense": write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"); return
                elif url.path == "/nothing": return
                elif url.path == "/old": write(b"HTTP/1.0 200 OK\r\n\r\nold times"); return
                elif url.path == "/fields":
                    write(b"HTTP/1.1 200 OK\r\n")
                    while True:
                        write(b"X-More: " + b"m" * 1000 + b"\r\n")
                        await writer.drain()
                elif url.path == "/interim":
                    while True:
                        write(b"HTTP/1.1 103 Early Hints\r\nX-More: 1\r\n\r\n")
                        await writer.drain()
                elif url.path == "/bomb": write(answer(bomb(int(query["mb"]) << 20), "Content-Encoding: gzip\r\n"))
                elif url.path == "/big": await big(writer, int(query["bytes"]))
                else: write(answer(b"else"))
                await writer.drain()

        async def handle(reader, writer):
            try: await serve(reader, writer)
            except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError): pass
            finally:
                try: writer.close()
                except Exception: pass

        async def main():
            context = None
            if len(sys.argv) > 1:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(sys.argv[1])
                context.set_alpn_protocols(["h2", "http/1.1"])
            server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context, backlog=1024)
            say(server.sockets[0].getsockname()[1])
            await server.serve_forever()

        asyncio.run(main())
        """#
}
