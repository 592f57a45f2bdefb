import PraximousJSON
import TestSupport
import Testing

@Suite("email_sender at a running host", .timeLimit(.minutes(2))) struct EmailSenderTests {
    private let server: ScriptedMailServer

    init() throws { server = try ScriptedMailServer() }

    private var config: String {
        """
        mail:
          host: 127.0.0.1
          port: \(server.port)
          security: none
          from: praximous@acme.example
          recipient_domains: [acme.example]

        """
    }

    private func send(_ parameters: JSON, at host: RunningHost) async throws -> HTTPAnswer {
        var request = parameters.objectValue ?? JSONObject()
        request["task_type"] = "email_sender"
        return try await host.process(.object(request))
    }

    @Test("sends to the operator's domains, the header being the host's")
    func sends() async throws {
        try await RunningHost.with(config: config) { host async throws in
            let answer = try await send(
                [
                    "to": "ana@acme.example, bob@acme.example", "subject": "Grüße",
                    "body": "Hi.\n.\nBcc: eve@evil.example",
                ],
                at: host
            )
            #expect(
                answer.json["result"] == [
                    "message": "Email sent successfully.", "to": ["ana@acme.example", "bob@acme.example"],
                    "subject": "Grüße",
                ]
            )
        }
        let said = try await Blocking.run { [server] in server.output.wait { $0.contains("\ngone") } }
        let lines = said.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines.filter { $0.hasPrefix("RCPT") }.count == 2)
        let head = lines.drop { $0 != "DATA" }.prefix { !$0.isEmpty }
        #expect(head.filter { $0.hasPrefix("Subject:") }.count == 1)
        #expect(!head.contains { $0.lowercased().contains("bcc") })
    }

    @Test("sends nothing that smuggles a header or leaves the operator's domains")
    func refuses() async throws {
        let table: [(JSON, Int, String)] = [
            (
                ["to": "ana@acme.example", "subject": "x\r\nBcc: eve@evil.example", "body": "b"], 400,
                "Input Error (Details: 'subject' must be one line, without control characters.)"
            ),
            (
                ["to": "ana@acme.example\r\nRCPT TO:<eve@evil.example>", "body": "b"], 400,
                #"Input Error (Details: "ana@acme.example\x0d\nRCPT TO:<eve@evil.example>" is no address of the form local@domain.)"#
            ),
            (
                ["to": ["eve@evil.example"], "body": "b"], 403,
                "SMTP Error (Details: Failed to send email: mail.recipient_domains does not allow evil.example.)"
            ),
            (
                ["to": ["ana@acme.example", "eve@evil.example"], "body": "b"], 403,
                "SMTP Error (Details: Failed to send email: mail.recipient_domains does not allow evil.example.)"
            ),
            (
                ["to": 7, "body": "b"], 400,
                "Input Error (Details: 'to' must be a string (comma-separated for multiple) or a list of strings.)"
            ),
            (["body": "b"], 400, "Input Error (Details: 'to' (recipient email address) is required.)"),
            (["to": "ana@acme.example"], 400, "Input Error (Details: 'body' (email content) cannot be empty.)"),
        ]
        try await RunningHost.with(config: config) { host async throws in
            for (parameters, status, sentence) in table {
                let answer = try await send(parameters, at: host)
                #expect(answer.status == status)
                #expect(answer.json["detail"]?.stringValue == sentence)
            }
        }
        #expect(!server.output.text.contains("MAIL FROM"))
    }

    @Test("tells what the server says, and that there is none")
    func failures() async throws {
        try await RunningHost.with(config: config) { host async throws in
            let answer = try await send(["to": "refused@acme.example", "body": "b"], at: host)
            #expect(answer.status == 502)
            #expect(
                answer.json["detail"]?.stringValue?.hasPrefix("SMTP Error (Details: Failed to send email: ") == true
            )
        }
        try await SharedHost.with { host in
            let answer = try await send(["to": "ana@acme.example", "body": "b"], at: host)
            #expect(answer.status == 503)
            #expect(
                answer.json["detail"]
                    == "Configuration Error (Details: SMTP server settings are not fully configured in environment variables.)"
            )
        }
    }
}
