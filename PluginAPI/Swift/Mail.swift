internal import CPraximous

/// A message that the operator's mail server is to send.
///
/// Sender, server and credentials are the operator's; the host writes the header.
public struct Mail: Sendable {
    /// Each `local@domain`, in plain ASCII.
    public var to: [String]
    /// One line.
    public var subject: String
    /// The message for people; may be empty when there is `html`.
    public var text: String
    /// The same message as HTML.
    public var html: String?
    /// Limit for the whole delivery; 0 is what remains until the call's deadline.
    public var timeoutMilliseconds: UInt32 = 0

    /// A message of plain text.
    public init(to: [String], subject: String, text: String, html: String? = nil) {
        self.to = to
        self.subject = subject
        self.text = text
        self.html = html
    }
}

extension Call {
    /// Sends a message and waits until the server has taken it for every recipient.
    ///
    /// - Throws: `SkillFailure` of status `denied` when skill.yaml or the operator does not allow a recipient, `invalid`
    ///   for an address or a subject that is none, `unavailable` when the operator has set up no server, `upstream` when
    ///   it refused. Its message is the host's sentence, which holds no secrets.
    public func send(_ mail: Mail) throws(SkillFailure) {
        guard let send = host.mail.send else {
            throw SkillFailure("This host sends no mail, or was not allowed to.", status: .unsupported, code: "no_mail")
        }
        var reason = ""
        let status = withUnsafeMutablePointer(to: &reason) { reason in
            mail.withBorrowed { mail in
                send(host.context, handle, mail, { $0?.assumingMemoryBound(to: String.self).pointee = $1.text }, reason)
            }
        }
        if status >= 0 { return }
        if status == PRAX_E_CANCELLED { throw .cancelled }
        throw SkillFailure(
            reason.isEmpty ? "The host refused the message (status \(status))." : reason,
            status: SkillFailure.Status(abi: status),
            code: "mail_failed"
        )
    }
}

extension Mail {
    /// Lends the message in the ABI's form.
    fileprivate func withBorrowed<Result>(_ body: (UnsafePointer<prax_mail>) -> Result) -> Result {
        // One block of bytes for all texts: pointers into it stay valid while it is lent.
        var texts = Array(subject.utf8) + Array(text.utf8) + Array((html ?? "").utf8)
        for address in to { texts += Array(address.utf8) }
        return PraximousPlugin.withBorrowed(texts) { texts in
            var rest = texts
            let (subject, text) = (rest.removeFirst(subject.utf8.count), rest.removeFirst(text.utf8.count))
            let page = rest.removeFirst((html ?? "").utf8.count)
            let recipients = to.map { rest.removeFirst($0.utf8.count) }
            return recipients.withUnsafeBufferPointer { recipients in
                let mail = prax_mail(
                    size: UInt32(MemoryLayout<prax_mail>.size),
                    timeout_ms: timeoutMilliseconds,
                    to: recipients.baseAddress,
                    n_to: recipients.count,
                    subject: subject,
                    text: text,
                    html: html == nil ? .absent : page
                )
                return withUnsafePointer(to: mail, body)
            }
        }
    }
}
