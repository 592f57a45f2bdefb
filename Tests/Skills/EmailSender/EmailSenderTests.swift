import PraximousJSON
import TestSupport
import Testing

@Suite("email_sender")
struct EmailSenderTests {
    private func skill(_ status: Int32 = 0, _ reason: String = "") throws -> PluginDriver {
        var options = FakeHost.Options()
        (options.mailStatus, options.mailReason) = (status, reason)
        return try BuiltSkill.load("email_sender", host: FakeHost(options)).get()
    }

    @Test(
        "takes recipients as a text with commas or as a list",
        arguments: [
            ("ana@acme.example", ["ana@acme.example"]),
            (" ana@acme.example , bob@acme.example,", ["ana@acme.example", "bob@acme.example"]),
            (["ana@acme.example", " bob@acme.example"], ["ana@acme.example", "bob@acme.example"]),
        ] as [(JSON, [String])]
    )
    func recipients(_ to: JSON, _ expected: [String]) throws {
        let skill = try skill()
        let call = skill.call("send_email", ["to": to, "subject": "S", "body": "B"])
        let addresses = JSON.array(expected.map(JSON.string))
        #expect(call.result == ["message": "Email sent successfully.", "to": addresses, "subject": "S"])
        #expect(skill.host.sentMail == [FakeMail(to: expected, subject: "S", text: "B")])
    }

    @Test("takes the prompt when there is no body, and a subject of its own when there is none")
    func defaults() throws {
        let skill = try skill()
        #expect(
            skill.call("send_email", ["to": "a@b.example", "prompt": "P", "body": ""]).result?["subject"]
                == "Message from Praximous"
        )
        #expect(skill.host.sentMail == [FakeMail(to: ["a@b.example"], subject: "Message from Praximous", text: "P")])
    }

    @Test(
        "says what is missing",
        arguments: [
            (#"{"body":"b"}"#, "'to' (recipient email address) is required."),
            (#"{"to":" , ","body":"b"}"#, "'to' (recipient email address) is required."),
            (#"{"to":[],"body":"b"}"#, "'to' (recipient email address) is required."),
            (#"{"to":null,"body":"b"}"#, "'to' (recipient email address) is required."),
            (#"{"to":7,"body":"b"}"#, "'to' must be a string (comma-separated for multiple) or a list of strings."),
            (#"{"to":[7],"body":"b"}"#, "'to' must be a string (comma-separated for multiple) or a list of strings."),
            (#"{"to":"a@b.example"}"#, "'body' (email content) cannot be empty."),
            (#"{"to":"a@b.example","body":" \n"}"#, "'body' (email content) cannot be empty."),
            (
                #"{"to":"a@b.example","body":"b","subject":"x\r\nBcc: eve@evil.example"}"#,
                "'subject' must be one line, without control characters."
            ),
        ]
    )
    func missing(_ parameters: String, _ details: String) throws {
        let skill = try skill()
        #expect(skill.call("send_email", text: parameters).sentence == "Input Error / \(details)")
        #expect(skill.host.sentMail.isEmpty)
    }

    @Test(
        "tells how it failed",
        arguments: [
            (-10, "Configuration Error / SMTP server settings are not fully configured in environment variables."),
            (-3, "SMTP Error / Failed to send email: R."), (-9, "SMTP Error / Failed to send email: R."),
            (-6, "SMTP Error / Failed to send email: R."), (-1, "Input Error / R."), (-8, "Input Error / R."),
        ] as [(Int32, String)]
    )
    func failures(_ status: Int32, _ sentence: String) throws {
        let call = try skill(status, "R.").call("send_email", ["to": "a@b.example", "body": "b"])
        #expect(call.sentence == sentence)
        #expect(call.failure?.status == status)
    }
}
