import PraximousJSON
import TestSupport
import Testing

@Suite("pii_redactor: requests")
struct RequestTests {
    private let skill: PluginDriver
    private let text = "Mail a@example.com, IBAN DE89 3704 0044 0532 0130 00, host 192.0.2.1"

    init() throws { skill = try BuiltSkill.piiRedactor.get() }

    @Test("takes the prompt when there is no text")
    func prompt() {
        let call = skill.call("redact_text", ["prompt": "a@example.com", "operation": "redact_text"])
        #expect(call.result?["redacted_text"] == "[EMAIL]")
    }

    @Test("refuses an empty text", arguments: ["{}", "{\"text\":\"\"}", "{\"prompt\":\"\"}"])
    func empty(_ parameters: String) {
        let failure = skill.call("redact_text", text: parameters).failure
        #expect(failure?.message == "Input Error")
        #expect(failure?.details == "Text for PII redaction cannot be empty.")
        #expect(failure?.status == -1)
    }

    @Test("refuses another operation by name")
    func operation() {
        let failure = skill.call("redact_text", ["text": "a@example.com", "operation": "unredact"]).failure
        #expect(failure?.message == "Unsupported Operation")
        #expect(failure?.details == "Operation 'unredact' is not supported by pii_redactor.")
    }

    @Test(
        "redacts only the kinds asked for",
        arguments: [
            ("email", "Mail [EMAIL], IBAN DE89 3704 0044 0532 0130 00, host 192.0.2.1"),
            ("iban", "Mail a@example.com, IBAN [IBAN], host 192.0.2.1"),
            ("ip_address", "Mail a@example.com, IBAN DE89 3704 0044 0532 0130 00, host [IP_ADDRESS]"),
            ("phone", "Mail a@example.com, IBAN DE89 3704 0044 0532 0130 00, host 192.0.2.1"),
        ]
    )
    func kinds(_ kind: String, _ redacted: String) {
        let call = skill.call("redact_text", ["text": .string(text), "kinds": [.string(kind)]])
        #expect(call.result?["redacted_text"]?.stringValue == redacted)
    }

    @Test("does not take the digits of an address for a telephone number when only those are asked for")
    func rival() {
        let call = skill.call("redact_text", ["text": "+493012345678@example.com", "kinds": ["phone"]])
        #expect(call.result?["redacted_text"] == "+493012345678@example.com")
    }

    @Test(
        "says what is wrong with a parameter",
        arguments: [
            (#"{"text":"x","mode":"hash"}"#, "'mode' must be 'label' or 'mask'."),
            (
                #"{"text":"x","kinds":["name"]}"#,
                "'kinds' may hold: email, iban, credit_card, national_id, ip_address, phone."
            ),
            (
                #"{"text":"x","custom_patterns":[{"name":"a"}]}"#,
                "custom_patterns[0] needs 'name' and 'pattern', both strings."
            ),
            (
                #"{"text":"x","custom_patterns":[{"name":"1 a","pattern":"x"}]}"#,
                "The name of custom_patterns[0] must be 1 to 32 ASCII letters, digits or underscores and start with a letter."
            ),
        ]
    )
    func wrong(_ parameters: String, _ details: String) {
        #expect(skill.call("redact_text", text: parameters).failure?.details == .string(details))
    }

    @Test("stops when the call is cancelled")
    func cancelled() throws {
        var options = FakeHost.Options()
        options.isCancelled = true
        let skill = try BuiltSkill.load("pii_redactor", host: FakeHost(options)).get()
        #expect(skill.call("redact_text", ["text": "a@example.com"]).failure?.status == -5)
    }
}
