/// A message as a plugin states it.
package struct MailMessage: Sendable, Hashable {
    /// `local@domain`, each.
    package let to: [String]
    package let subject: String
    package let text: String
    package let html: String?
    /// For the whole delivery; 0 is what remains until the call's deadline.
    package let timeoutMilliseconds: UInt32

    package init(to: [String], subject: String, text: String, html: String? = nil, timeoutMilliseconds: UInt32 = 0) {
        self.to = to
        self.subject = subject
        self.text = text
        self.html = html
        self.timeoutMilliseconds = timeoutMilliseconds
    }
}

/// Why a message was not sent, with a sentence for people that holds no secrets.
package struct MailRefusal: Error, Sendable, Hashable {
    package let status: ServiceError
    package let reason: String

    package init(_ status: ServiceError, _ reason: String = "") {
        self.status = status
        self.reason = reason
    }
}
