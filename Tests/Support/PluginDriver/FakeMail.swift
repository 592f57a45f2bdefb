import CPraximous
import Synchronization

/// A message that a plugin handed over.
package struct FakeMail: Sendable, Equatable {
    package let to: [String]
    package let subject: String
    package let text: String
    package let html: String?

    package init(to: [String], subject: String, text: String, html: String? = nil) {
        (self.to, self.subject, self.text, self.html) = (to, subject, text, html)
    }
}

func mailTable() -> prax_host_mail {
    prax_host_mail(
        size: UInt32(MemoryLayout<prax_host_mail>.size),
        send: { host, _, mail, reason, context in
            guard let host = FakeHost.of(host), let mail = mail?.pointee else { return Int32(PRAX_E_INVALID) }
            let message = FakeMail(
                to: UnsafeBufferPointer(start: mail.to, count: mail.n_to).map(\.copy),
                subject: mail.subject.copy,
                text: mail.text.copy,
                html: mail.html.ptr == nil ? nil : mail.html.copy
            )
            host.mails.withLock { $0.append(message) }
            if host.options.mailStatus < 0 { reason?(context, lasting(host.options.mailReason)) }
            return host.options.mailStatus
        }
    )
}
