import CCurl
import Core
package import Foundation

/// Sends one message through the operator's server, on the calling thread, which waits until the server has taken it.
package struct MailDelivery: Sendable {
    private let server: MailServer
    private let now: @Sendable () -> Date
    private let makeID: @Sendable () -> String

    package init(
        server: MailServer,
        now: @escaping @Sendable () -> Date = { Date() },
        makeID: @escaping @Sendable () -> String = { UUID().uuidString.lowercased() }
    ) {
        self.server = server
        self.now = now
        self.makeID = makeID
    }

    /// `isOver` is asked several times a second whether anybody still waits.
    package func send(
        to recipients: [MailAddress],
        subject: String,
        text: String,
        html: String?,
        withinMilliseconds limit: Int,
        isOver: @escaping @Sendable () -> Bool
    ) throws(MailError) {
        let header = MailHeader(
            sender: server.sender,
            recipients: recipients,
            subject: subject,
            date: now(),
            messageID: makeID()
        )
        let lines = try header.lines()
        guard CurlLibrary.isReady, let handle = curl_easy_init() else { throw .exhausted }
        defer { curl_easy_cleanup(handle) }
        let mime = curl_mime_init(handle)
        var lists: [UnsafeMutablePointer<curl_slist>?] = []
        defer {
            curl_mime_free(mime)
            for list in lists { curl_slist_free_all(list) }
        }
        lists = [Self.list(lines), Self.list(recipients.map { "<\($0)>" })]
        let watch = Watch(isOver)
        guard let mime, lists.allSatisfy({ $0 != nil }), Self.fill(mime, text: text, html: html),
            configure(handle, limit: limit, watch: watch),
            prax_curl_set_pointer(handle, CURLOPT_HTTPHEADER, lists[0]) == CURLE_OK,
            prax_curl_set_pointer(handle, CURLOPT_MAIL_RCPT, lists[1]) == CURLE_OK,
            prax_curl_set_pointer(handle, CURLOPT_MIMEPOST, UnsafeMutableRawPointer(mime)) == CURLE_OK
        else { throw .exhausted }
        let code = withExtendedLifetime(watch) { curl_easy_perform(handle) }
        guard code != CURLE_OK else { return }
        throw error(for: code, handle, limit: limit)
    }

    /// What libcurl asks while it works.
    private final class Watch: Sendable {
        let isOver: @Sendable () -> Bool
        init(_ isOver: @escaping @Sendable () -> Bool) { self.isOver = isOver }
    }

    private static let askOnward:
        @convention(c) (UnsafeMutableRawPointer?, curl_off_t, curl_off_t, curl_off_t, curl_off_t) -> Int32 = {
            context,
            _,
            _,
            _,
            _ in
            guard let context else { return 0 }
            return Unmanaged<Watch>.fromOpaque(context).takeUnretainedValue().isOver() ? 1 : 0
        }

    private func configure(_ handle: UnsafeMutableRawPointer, limit: Int, watch: Watch) -> Bool {
        let numbers: [(CURLoption, Int)] = [
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_SSL_VERIFYPEER, 1), (CURLOPT_SSL_VERIFYHOST, 2), (CURLOPT_NOPROGRESS, 0),
            (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
            (CURLOPT_USE_SSL, Int(server.security == .startTLS ? CURLUSESSL_ALL.rawValue : CURLUSESSL_NONE.rawValue)),
            (CURLOPT_CONNECTTIMEOUT_MS, max(1, min(server.connectMilliseconds, limit))),
            (CURLOPT_TIMEOUT_MS, max(1, limit)),
            // All or nobody: half a delivery cannot be told to the caller in one word.
            (CURLOPT_MAIL_RCPT_ALLLOWFAILS, 0),
        ]
        let texts: [(CURLoption, String?)] = [
            (CURLOPT_URL, server.url), (CURLOPT_PROTOCOLS_STR, "smtp,smtps"), (CURLOPT_PROXY, ""),
            (CURLOPT_CAINFO, server.authorityFile), (CURLOPT_MAIL_FROM, "<\(server.sender)>"),
            (CURLOPT_USERNAME, server.user), (CURLOPT_PASSWORD, server.password?.exposed),
        ]
        for (option, number) in numbers where prax_curl_set_long(handle, option, number) != CURLE_OK { return false }
        for case (let option, let text?) in texts where prax_curl_set_string(handle, option, text) != CURLE_OK {
            return false
        }
        let context = Unmanaged.passUnretained(watch).toOpaque()
        return prax_curl_set_progress(handle, Self.askOnward) == CURLE_OK
            && prax_curl_set_pointer(handle, CURLOPT_XFERINFODATA, context) == CURLE_OK
    }

    /// The text, or the text and the same as HTML, both as base64: no line of a body can be taken for a command.
    private static func fill(_ mime: OpaquePointer, text: String, html: String?) -> Bool {
        guard let html else { return add(text, "text/plain; charset=utf-8", to: mime) }
        guard add(text, "text/plain; charset=utf-8", to: mime) else { return false }
        return add(html, "text/html; charset=utf-8", to: mime)
    }

    private static func add(_ text: String, _ type: String, to mime: OpaquePointer) -> Bool {
        guard let part = curl_mime_addpart(mime) else { return false }
        let isCopied = Array(text.utf8).withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { curl_mime_data(part, $0.baseAddress, $0.count) == CURLE_OK }
        }
        return isCopied && curl_mime_type(part, type) == CURLE_OK && curl_mime_encoder(part, "base64") == CURLE_OK
    }

    private static func list(_ lines: [String]) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = curl_slist_append(list, line) else {
                curl_slist_free_all(list)
                return nil
            }
            list = longer
        }
        return list
    }

    private func error(for code: CURLcode, _ handle: UnsafeMutableRawPointer, limit: Int) -> MailError {
        let reason = String(cString: curl_easy_strerror(code))
        var status = 0
        _ = prax_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        switch code {
        case CURLE_ABORTED_BY_CALLBACK: return .cancelled
        case CURLE_OPERATION_TIMEDOUT: return .timedOut(milliseconds: limit)
        case CURLE_LOGIN_DENIED: return .signInRefused(host: server.host)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
            return .certificate(host: server.host, reason: reason)
        case CURLE_OUT_OF_MEMORY: return .exhausted
        default:
            return status >= 400
                ? .refused(host: server.host, status: status) : .unreachable(host: server.host, reason: reason)
        }
    }
}
