import Core
import Egress
import Foundation
import TestSupport
import Testing

@Suite struct MailDeliveryTests {
    private static let now = Date(timeIntervalSince1970: 1_700_000_000)

    private func delivery(
        _ mail: ScriptedMailServer,
        security: MailServer.Security = .none,
        password: String? = nil,
        authority: String? = nil
    ) throws -> MailDelivery {
        let server = MailServer(
            host: security == .none ? "127.0.0.1" : "localhost",
            port: mail.port,
            security: security,
            sender: try #require(MailAddress("praximous@acme.example")),
            user: password == nil ? nil : "u",
            password: password.map(Secret.init),
            authorityFile: authority
        )
        return MailDelivery(server: server, now: { Self.now }, makeID: { "id-1" })
    }

    private func send(
        _ delivery: MailDelivery,
        to recipient: String = "ana@acme.example",
        subject: String = "Hello",
        text: String = "Good morning.",
        html: String? = nil,
        limit: Int = 10_000,
        isOver: @escaping @Sendable () -> Bool = { false }
    ) async throws {
        let recipients = [try #require(MailAddress(recipient))]
        try await Blocking.run {
            try delivery.send(
                to: recipients,
                subject: subject,
                text: text,
                html: html,
                withinMilliseconds: limit,
                isOver: isOver
            )
        }
    }

    private func heard(_ mail: ScriptedMailServer) async throws -> String {
        try await Blocking.run { mail.output.wait { $0.contains("gone") } }
    }

    @Test("a message arrives with its header, its recipients and its text")
    func arrives() async throws {
        let mail = try ScriptedMailServer()
        try await send(delivery(mail))
        let heard = try await heard(mail)
        #expect(heard.contains("MAIL FROM:<praximous@acme.example>"))
        #expect(heard.contains("RCPT TO:<ana@acme.example>"))
        #expect(
            heard.contains(
                """
                Date: Tue, 14 Nov 2023 22:13:20 +0000
                From: <praximous@acme.example>
                To: <ana@acme.example>
                Subject: Hello
                Message-ID: <id-1@acme.example>
                Auto-Submitted: auto-generated
                """
            )
        )
        #expect(heard.contains("R29vZCBtb3JuaW5nLg=="))
    }

    @Test("a subject in another script is written as encoded words, and HTML comes beside the text")
    func isEncoded() async throws {
        let mail = try ScriptedMailServer()
        try await send(delivery(mail), subject: "Grüße ✓", html: "<p>Good morning.</p>")
        let heard = try await heard(mail)
        #expect(heard.contains("Subject: =?utf-8?B?R3LDvMOfZSDinJM=?="))
        #expect(heard.contains("Content-Type: text/html; charset=utf-8"))
        #expect(heard.contains("PHA+R29vZCBtb3JuaW5nLjwvcD4="))
    }

    @Test(
        "a subject cannot begin a line of its own",
        arguments: ["Hi\r\nBcc: x@evil.example", "Hi\nX: 1", "Hi\rX", "Hi\u{0}", "Hi\u{85}X", "Hi\u{2028}X"]
    )
    func isNotInjected(subject: String) async throws {
        let mail = try ScriptedMailServer()
        let delivery = try delivery(mail)
        await #expect(throws: MailError.subjectInvalid) { try await send(delivery, subject: subject) }
    }

    @Test("a text cannot end the message: what looks like commands arrives as text")
    func textIsText() async throws {
        let mail = try ScriptedMailServer()
        try await send(delivery(mail), text: "one\r\n.\r\nMAIL FROM:<evil@evil.example>\r\n")
        let heard = try await heard(mail)
        #expect(!heard.contains("evil@evil.example"))
        #expect(heard.components(separatedBy: "MAIL FROM").count == 2)
    }

    @Test("STARTTLS comes before the password, and the certificate is checked")
    func startsTLS() async throws {
        let folder = try TemporaryFolder()
        let certificate = try UnreliableServer.makeCertificate(in: folder)
        let mail = try ScriptedMailServer(certificate: certificate)
        try await send(delivery(mail, security: .startTLS, password: "p", authority: certificate + ".crt"))
        let heard = try await heard(mail)
        #expect(heard.contains("tls AUTH"))
        #expect(!heard.contains("\nAUTH"))
        let untrusted = try delivery(mail, security: .startTLS, password: "p")
        await #expect {
            try await send(untrusted)
        } throws: { error in
            if case .certificate(host: "localhost", reason: _)? = error as? MailError { true } else { false }
        }
    }

    @Test("without STARTTLS on the server nothing is sent in the clear")
    func needsTLS() async throws {
        let mail = try ScriptedMailServer()
        let delivery = try delivery(mail, security: .startTLS, password: "p")
        await #expect(throws: MailError.self) { try await send(delivery) }
        #expect(!(try await heard(mail)).contains("AUTH"))
    }

    @Test("a refusal names the server's status, a wrong password the setting, and silence the limit")
    func fails() async throws {
        let mail = try ScriptedMailServer()
        let delivery = try delivery(mail)
        await #expect(throws: MailError.refused(host: "127.0.0.1", status: 550)) {
            try await send(delivery, to: "refused@acme.example")
        }
        await #expect(throws: MailError.timedOut(milliseconds: 300)) {
            try await send(delivery, to: "silent@acme.example", limit: 300)
        }
        let wrong = try self.delivery(mail, password: "q")
        await #expect(throws: MailError.signInRefused(host: "127.0.0.1")) { try await send(wrong) }
        await #expect(throws: MailError.cancelled) {
            try await send(delivery, to: "silent@acme.example", isOver: { true })
        }
    }
}
