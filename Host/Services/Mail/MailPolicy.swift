import Core
package import Egress
import PluginRuntime

/// The operator's word on mail: the server, and whom anybody may write to through it.
package struct MailPolicy: Sendable {
    package let delivery: MailDelivery
    /// Empty: nobody.
    package let recipients: MailDomains

    package init(delivery: MailDelivery, recipients: MailDomains) {
        self.delivery = delivery
        self.recipients = recipients
    }
}

extension MailMessage {
    /// A little more than the table takes; a worker may say anything.
    private static let maxRecipients = 50
    private static let maxPartBytes = 1 << 20
    private static let maxSubjectBytes = 500

    /// The recipients, all of them plain addresses of granted domains.
    func checkedRecipients(
        granted: MailDomains,
        allowed: MailDomains
    ) throws(MailRefusal) -> [MailAddress] {
        guard to.count <= Self.maxRecipients, subject.utf8.count <= Self.maxSubjectBytes,
            text.utf8.count <= Self.maxPartBytes, (html ?? "").utf8.count <= Self.maxPartBytes
        else { throw MailRefusal(.tooLarge, "The message is too large.") }
        guard !to.isEmpty else { throw MailRefusal(.invalid, "A message needs a recipient.") }
        var recipients: [MailAddress] = []
        for text in to {
            guard let address = MailAddress(text) else {
                throw MailRefusal(.invalid, "\(text.quotedForMessage()) is no address of the form local@domain.")
            }
            guard granted.allow(address) else {
                throw MailRefusal(.denied, "skill.yaml does not grant mail to \(address.domain).")
            }
            guard allowed.allow(address) else {
                throw MailRefusal(.denied, "mail.recipient_domains does not allow \(address.domain).")
            }
            recipients.append(address)
        }
        return recipients
    }
}
