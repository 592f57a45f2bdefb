import Foundation

/// An SMTP server on loopback that does what the recipient's name says, in a process of its own.
///
/// `refused@…` is refused with 550, `silent@…` is never answered; everybody else gets their mail. The user `u` signs in
/// with the password `p`.
package final class ScriptedMailServer: Sendable {
    package let port: Int
    /// What clients say, a line for each; the message itself between `DATA` and `.`.
    package let output: CapturedOutput
    private let program: ChildProgram

    /// With a certificate it offers STARTTLS.
    package init(certificate: String? = nil) throws {
        let arguments = ["python3", "-c", Self.script] + (certificate.map { [$0] } ?? [])
        program = try ChildProgram(arguments, environment: ProcessInfo.processInfo.environment)
        output = program.output
        let text = output.wait { $0.contains("\n") }
        guard let port = text.split(separator: "\n").first.flatMap({ Int($0) }) else {
            throw UnreliableServer.DidNotStart(output: text + program.errors.text)
        }
        self.port = port
    }

    private static let script = #"""
        import base64, socket, ssl, sys, threading

        def say(text): print(text, flush=True)

        def talk(conn):
            secure = False
            file = conn.makefile("rwb")
            def reply(text):
                file.write((text + "\r\n").encode()); file.flush()
            reply("220 test ESMTP")
            while True:
                line = file.readline()
                if not line: return
                text = line.rstrip(b"\r\n").decode()
                word = text.split(" ")[0].upper()
                say(("tls " if secure else "") + (text if word != "AUTH" else "AUTH"))
                if word == "EHLO":
                    extras = ["test"] + (["STARTTLS"] if len(sys.argv) > 1 and not secure else []) + ["AUTH PLAIN", "8BITMIME"]
                    for number, extra in enumerate(extras): reply("250" + ("-" if number < len(extras) - 1 else " ") + extra)
                elif word == "STARTTLS":
                    reply("220 go")
                    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                    context.load_cert_chain(sys.argv[1])
                    conn = context.wrap_socket(conn, server_side=True)
                    file, secure = conn.makefile("rwb"), True
                elif word == "AUTH":
                    words = text.split(" ")
                    if len(words) < 3:
                        reply("334 ")
                        words.append(file.readline().strip().decode())
                    isRight = base64.b64decode(words[2]) == b"\0u\0p"
                    reply("235 welcome" if isRight else "535 who are you")
                elif text.upper().startswith("RCPT TO:<REFUSED"): reply("550 no such person")
                elif text.upper().startswith("RCPT TO:<SILENT"): file.readline(); return
                elif word == "DATA":
                    reply("354 go on")
                    while True:
                        line = file.readline()
                        say(line.rstrip(b"\r\n").decode())
                        if line == b".\r\n": break
                    reply("250 taken")
                elif word == "QUIT": reply("221 bye"); return
                else: reply("250 ok")

        def serve(conn):
            try: talk(conn)
            except (OSError, ssl.SSLError): pass
            finally:
                say("gone")
                conn.close()

        server = socket.create_server(("127.0.0.1", 0))
        say(server.getsockname()[1])
        while True: threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
        """#
}
