package import Core

/// The operator's SMTP server: where mail goes, and as whom.
package struct MailServer: Sendable {
    /// How the connection is protected.
    package enum Security: String, Sendable, CaseIterable {
        /// RFC 3207: plain at first, then TLS or nothing.
        case startTLS = "starttls"
        /// TLS from the first byte, usually on port 465.
        case tls
        /// For a server on this machine alone.
        case none
    }

    package var host: String
    package var port: Int
    package var security: Security
    package var sender: MailAddress
    package var user: String?
    package var password: Secret?
    /// A PEM bundle of trusted authorities in place of the system's.
    package var authorityFile: String?
    package var connectMilliseconds: Int

    package init(
        host: String,
        port: Int = 587,
        security: Security = .startTLS,
        sender: MailAddress,
        user: String? = nil,
        password: Secret? = nil,
        authorityFile: String? = nil,
        connectMilliseconds: Int = 10_000
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.sender = sender
        self.user = user
        self.password = password
        self.authorityFile = authorityFile
        self.connectMilliseconds = connectMilliseconds
    }

    /// As libcurl wants it.
    var url: String {
        let bracketed = host.contains(":") ? "[\(host)]" : host
        return "\(security == .tls ? "smtps" : "smtp")://\(bracketed):\(port)"
    }
}

/// Why a message was not delivered.
package enum MailError: Error, Sendable, Hashable {
    case subjectInvalid
    case timedOut(milliseconds: Int)
    case cancelled
    case certificate(host: String, reason: String)
    case signInRefused(host: String)
    case unreachable(host: String, reason: String)
    /// With the server's own status, such as 550.
    case refused(host: String, status: Int)
    case exhausted
}

extension MailError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .subjectInvalid: "A subject is one line of text, without control characters."
        case .timedOut(let milliseconds): "The mail server did not take the message within \(milliseconds) ms."
        case .cancelled: "Nobody waits for the message any more."
        case .certificate(let host, let reason): "The certificate of \(host) cannot be trusted: \(reason)."
        case .signInRefused(let host):
            "\(host) refused the sign-in; check mail.user and the variable that mail.password_env names."
        case .unreachable(let host, let reason): "\(host) could not be reached: \(reason)."
        case .refused(let host, let status): "\(host) refused the message with status \(status)."
        case .exhausted: "No memory for the message."
        }
    }
}
