import PraximousJSON
import PraximousPlugin

/// Plain-text mail through the operator's server.
struct EmailSender: Skill {
    static let identity = PluginIdentity(id: "praximous/email-sender", version: "1.0.0")
    static let operations = ["send_email"]

    private static let defaultSubject = "Message from Praximous"

    init(host: PluginHost) {}

    func execute(_ operation: String, _ parameters: JSON, _ call: Call) throws -> JSON {
        let recipients = try Recipients.read(parameters["to"])
        let named = parameters["body"]?.stringValue ?? ""
        let body = named.isEmpty ? parameters["prompt"]?.stringValue ?? "" : named
        guard body.contains(where: { !$0.isWhitespace }) else {
            throw SkillFailure("Input Error", details: "'body' (email content) cannot be empty.")
        }
        let subject = parameters["subject"]?.stringValue ?? Self.defaultSubject
        guard !subject.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw SkillFailure("Input Error", details: "'subject' must be one line, without control characters.")
        }
        do throws(SkillFailure) {
            try call.send(Mail(to: recipients, subject: subject, text: body))
        } catch {
            throw Self.described(error)
        }
        return [
            "message": "Email sent successfully.", "to": .array(recipients.map(JSON.string)),
            "subject": .string(subject),
        ]
    }

    private static func described(_ failure: SkillFailure) -> SkillFailure {
        switch failure.status {
        case .cancelled: failure
        case .unavailable, .unsupported:
            SkillFailure(
                "Configuration Error",
                details: "SMTP server settings are not fully configured in environment variables.",
                status: .unavailable,
                code: "not_configured"
            )
        case .invalid, .tooLarge:
            SkillFailure("Input Error", details: failure.message, status: failure.status, code: "invalid_message")
        default:
            SkillFailure(
                "SMTP Error",
                details: "Failed to send email: \(failure.message)",
                status: failure.status,
                code: failure.code
            )
        }
    }
}
