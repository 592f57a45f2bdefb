import Access
import Core
import Egress
import Manifests
import Services

/// The section `mail:` of praximous.yaml: the server that plugins with `network.smtp` send through.
struct MailConfiguration {
    var host: String
    var port: Int
    var security: MailServer.Security
    var sender: MailAddress
    var user: String?
    /// The variable with the password.
    var passwordVariable: String
    /// Whom anybody may write to; empty: nobody.
    var recipientDomains: [String]

    /// nil when something is missing, which the report then says.
    init?(_ section: YAMLMapping, _ report: YAMLReport) {
        defer { section.finish() }
        security = section.word("security", MailServer.Security.self) ?? .startTLS
        port = section.int("port", in: 1...65_535) ?? (security == .tls ? 465 : 587)
        user = section.string("user")
        passwordVariable = section.string("password_env") ?? "SMTP_PASSWORD"
        recipientDomains = section.strings("recipient_domains") ?? []
        guard let host = section.string("host") else {
            section.missing("host", "smtp.acme.example")
            return nil
        }
        guard let from = section.string("from") else {
            section.missing("from", "praximous@acme.example")
            return nil
        }
        guard let sender = MailAddress(from) else {
            if let node = section.value("from") {
                report.problem("expected an address such as praximous@acme.example in from", at: node)
            }
            return nil
        }
        self.host = host
        self.sender = sender
        let isLocal = ["127.0.0.1", "::1", "localhost"].contains(host)
        if security == .none, !isLocal, let node = section.value("security") {
            report.problem("expected starttls or tls in security for a server that is not this machine", at: node)
        }
    }

    /// Throws when a user is named and the variable with the password is not set.
    func policy(_ environment: HostEnvironment, authorityFile: String?) throws -> MailPolicy {
        let password = environment[passwordVariable]
        if user != nil, password == nil {
            throw CommandFailure(
                .usage,
                "mail.user is set, and the variable \(passwordVariable) with its password is not.",
                hint: "Set \(passwordVariable) in config/.env, or name another variable in mail.password_env."
            )
        }
        let server = MailServer(
            host: host,
            port: port,
            security: security,
            sender: sender,
            user: user,
            password: user == nil ? nil : password,
            authorityFile: authorityFile
        )
        return MailPolicy(delivery: MailDelivery(server: server), recipients: MailDomains(recipientDomains))
    }
}
