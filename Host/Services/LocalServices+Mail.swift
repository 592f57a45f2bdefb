import Core
import Egress
package import PluginRuntime

extension LocalServices {
    package func send(_ message: MailMessage, for call: ServedCall) throws(MailRefusal) {
        guard !grants.mailDomains.isEmpty else { throw MailRefusal(denied("network.smtp")) }
        guard let mail else {
            throw MailRefusal(.unavailable, "The operator has set up no mail server: `mail:` in praximous.yaml.")
        }
        let recipients: [MailAddress]
        do throws(MailRefusal) {
            recipients = try message.checkedRecipients(
                granted: MailDomains(grants.mailDomains),
                allowed: mail.recipients
            )
        } catch {
            if error.status == .denied { _ = denied("network.smtp " + error.reason.quotedForMessage()) }
            throw error
        }
        let remaining = MonotonicClock.left(until: call.deadline).milliseconds
        let limit = message.timeoutMilliseconds > 0 ? min(Int(message.timeoutMilliseconds), remaining) : remaining
        guard limit > 0 else { throw MailRefusal(.deadline) }
        do throws(MailError) {
            try mail.delivery.send(
                to: recipients,
                subject: message.subject,
                text: message.text,
                html: message.html,
                withinMilliseconds: limit,
                isOver: call.isOver
            )
        } catch {
            throw MailRefusal(error.status, error.description)
        }
    }
}

extension MailError {
    fileprivate var status: ServiceError {
        switch self {
        case .subjectInvalid: .invalid
        case .timedOut: .deadline
        case .cancelled: .cancelled
        case .certificate, .unreachable, .refused, .signInRefused: .upstream
        case .exhausted: .unavailable
        }
    }
}

extension Duration {
    fileprivate var milliseconds: Int {
        Int(components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
    }
}
