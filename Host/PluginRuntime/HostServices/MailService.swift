import CPraximous

/// `prax.host.mail/1`: messages that the host sends for a call, on the plugin's own thread.
enum MailService {
    private static let maxRecipients = 50
    /// RFC 5321, 4.5.3.1.3: a path has 256 bytes with its brackets.
    private static let maxAddressBytes = 254
    private static let maxSubjectBytes = 500
    private static let maxPartBytes = 1 << 20

    /// Never changes once it is made.
    nonisolated(unsafe) static let table: UnsafePointer<prax_host_mail> = {
        let table = UnsafeMutablePointer<prax_host_mail>.allocate(capacity: 1)
        table.initialize(
            to: prax_host_mail(
                size: UInt32(MemoryLayout<prax_host_mail>.size),
                send: { host, call, mail, reason, context in MailService.send(host, call, mail, reason, context) }
            )
        )
        return UnsafePointer(table)
    }()

    private static func send(
        _ host: UnsafeMutableRawPointer?,
        _ call: prax_call,
        _ mail: UnsafePointer<prax_mail>?,
        _ reason: (@convention(c) (UnsafeMutableRawPointer?, prax_str) -> Void)?,
        _ context: UnsafeMutableRawPointer?
    ) -> prax_status {
        guard let object = HostObject.from(host), let mail, Int(mail.pointee.size) >= MemoryLayout<prax_mail>.size
        else {
            return status(PRAX_E_INVALID)
        }
        guard let served = ServedCall(call) else { return status(PRAX_E_NOT_FOUND) }
        guard isSmallEnough(mail.pointee) else { return status(PRAX_E_TOO_LARGE) }
        do throws(MailRefusal) {
            try object.services.send(copy(mail.pointee), for: served)
            return status(PRAX_OK)
        } catch {
            if let reason, !error.reason.isEmpty { withPraxString(error.reason) { reason(context, $0) } }
            return error.status.rawValue
        }
    }

    /// Nothing is ever cut short: half an address is another address.
    private static func isSmallEnough(_ mail: prax_mail) -> Bool {
        guard 0...maxRecipients ~= mail.n_to, 0...maxSubjectBytes ~= mail.subject.len,
            0...maxPartBytes ~= mail.text.len, 0...maxPartBytes ~= mail.html.len
        else { return false }
        return recipients(mail).allSatisfy { 0...maxAddressBytes ~= $0.len }
    }

    private static func copy(_ mail: prax_mail) -> MailMessage {
        MailMessage(
            to: recipients(mail).map { $0.text(maxBytes: maxAddressBytes) },
            subject: mail.subject.text(maxBytes: maxSubjectBytes),
            text: mail.text.text(maxBytes: maxPartBytes),
            html: mail.html.ptr == nil ? nil : mail.html.text(maxBytes: maxPartBytes),
            timeoutMilliseconds: mail.timeout_ms
        )
    }

    private static func recipients(_ mail: prax_mail) -> UnsafeBufferPointer<prax_str> {
        UnsafeBufferPointer(start: mail.to, count: mail.to == nil ? 0 : Int(mail.n_to))
    }
}
