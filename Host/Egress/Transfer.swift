import CCurl
import Glibc

/// One request of one download: libcurl calls back into this object while `perform` runs, on the same thread.
final class Transfer {
    private let address: WebAddress
    private let requiredOrigin: AddressScope?
    private let sink: any DownloadSink
    private let isCancelled: CancellationFlag
    private let progress: Downloader.Progress?
    /// The entity tag of what the caller has already (RFC 9110, 13.1.2).
    private let knownTag: String?
    private let handle: UnsafeMutableRawPointer
    private var fields: UnsafeMutablePointer<curl_slist>?
    private var refusal: SinkRefusal?
    private var isSocketRefused = false
    private var reported = -1
    /// The scope of the address that was connected to; with a proxy, the proxy's.
    private(set) var connectedScope: AddressScope?

    init(
        address: WebAddress,
        requiredOrigin: AddressScope?,
        sink: any DownloadSink,
        isCancelled: CancellationFlag,
        progress: Downloader.Progress?,
        knownTag: String? = nil
    ) throws {
        self.knownTag = knownTag
        self.address = address
        self.requiredOrigin = requiredOrigin
        self.sink = sink
        self.isCancelled = isCancelled
        self.progress = progress
        guard CurlLibrary.isReady, let handle = curl_easy_init() else {
            throw DownloadError.unreachable(place: address.place, reason: "libcurl could not start")
        }
        self.handle = handle
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(fields)
    }

    /// The server says that what the caller has is what there is.
    var isUnchanged: Bool { knownTag != nil && status == 304 }

    /// The answer's entity tag, fit to be sent back.
    var tag: String? {
        var header: UnsafeMutablePointer<curl_header>?
        guard curl_easy_header(handle, "ETag", 0, UInt32(CURLH_HEADER), -1, &header) == CURLHE_OK,
            let value = header?.pointee.value
        else { return nil }
        let text = String(cString: value)
        return Self.isTag(text) ? text : nil
    }

    /// Visible ASCII between quotes: anything else could end the line it is sent in.
    private static func isTag(_ text: String) -> Bool {
        text.utf8.count <= 1024 && text.utf8.allSatisfy { (0x21...0x7e).contains($0) } && text.hasSuffix("\"")
    }

    /// Returns the target when the server redirects.
    func perform(policy: DownloadPolicy, limits: DownloadLimits, totalSeconds: Int) throws -> String? {
        try configure(policy: policy, limits: limits, totalSeconds: totalSeconds)
        let code = curl_easy_perform(handle)
        if isCancelled.isRaised { throw CancellationError() }
        guard code == CURLE_OK else { throw error(for: code, limits: limits) }
        return redirectTarget
    }

    private func configure(policy: DownloadPolicy, limits: DownloadLimits, totalSeconds: Int) throws {
        let context = Unmanaged.passUnretained(self).toOpaque()
        let numbers: [(CURLoption, Int)] = [
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_TCP_NODELAY, 1), (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_FAILONERROR, 1),
            (CURLOPT_SSL_VERIFYPEER, 1), (CURLOPT_SSL_VERIFYHOST, 2), (CURLOPT_NOPROGRESS, 0),
            (CURLOPT_CONNECTTIMEOUT, limits.connectSeconds), (CURLOPT_TIMEOUT, totalSeconds),
            (CURLOPT_LOW_SPEED_LIMIT, limits.minBytesPerSecond), (CURLOPT_LOW_SPEED_TIME, limits.idleSeconds),
        ]
        let texts: [(CURLoption, String?)] = [
            (CURLOPT_URL, address.text), (CURLOPT_PROTOCOLS_STR, address.scheme),
            (CURLOPT_USERAGENT, "prax-host"), (CURLOPT_CAINFO, policy.authorityFile),
        ]
        var isAccepted = numbers.allSatisfy { prax_curl_set_long(handle, $0, $1) == CURLE_OK }
        for case (let option, let text?) in texts {
            isAccepted = isAccepted && prax_curl_set_string(handle, option, text) == CURLE_OK
        }
        isAccepted =
            isAccepted && prax_curl_set_write(handle, CURLOPT_WRITEFUNCTION, Self.receive) == CURLE_OK
            && prax_curl_set_pointer(handle, CURLOPT_WRITEDATA, context) == CURLE_OK
            && prax_curl_set_progress(handle, Self.advance) == CURLE_OK
            && prax_curl_set_pointer(handle, CURLOPT_XFERINFODATA, context) == CURLE_OK
            && prax_curl_set_open_socket(handle, Self.openSocket) == CURLE_OK
            && prax_curl_set_pointer(handle, CURLOPT_OPENSOCKETDATA, context) == CURLE_OK
            && prax_curl_set_offset(handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(sink.maxBytes)) == CURLE_OK
        if let knownTag, Self.isTag(knownTag) {
            fields = curl_slist_append(nil, "If-None-Match: \(knownTag)")
            isAccepted = isAccepted && prax_curl_set_pointer(handle, CURLOPT_HTTPHEADER, fields) == CURLE_OK
        }
        guard isAccepted else {
            throw DownloadError.unreachable(place: address.place, reason: "libcurl refused an option it must know")
        }
    }

    private var redirectTarget: String? {
        var text: UnsafePointer<CChar>?
        guard prax_curl_get_string(handle, CURLINFO_REDIRECT_URL, &text) == CURLE_OK, let text else { return nil }
        return String(cString: text)
    }

    private var status: Int {
        var value = 0
        return prax_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &value) == CURLE_OK ? value : 0
    }

    private func error(for code: CURLcode, limits: DownloadLimits) -> DownloadError {
        let place = address.place
        let reason = String(cString: curl_easy_strerror(code))
        switch refusal {
        case .tooLarge: return .tooLarge(place: place, maxBytes: sink.maxBytes)
        case .unwritable(let reason): return .unwritable(reason: reason)
        case nil: break
        }
        if isSocketRefused {
            return .redirectRefused(place: place, target: place, reason: "it resolves to an internal address")
        }
        switch code {
        case CURLE_FILESIZE_EXCEEDED: return .tooLarge(place: place, maxBytes: sink.maxBytes)
        case CURLE_HTTP_RETURNED_ERROR: return .status(place: place, code: status)
        case CURLE_FILE_COULDNT_READ_FILE: return .unreadableFile(path: place, reason: "no such file, or not readable")
        case CURLE_OPERATION_TIMEDOUT:
            return .timedOut(
                place: place,
                phase: "\(limits.connectSeconds) s to connect, \(limits.minBytesPerSecond) bytes/s over "
                    + "\(limits.idleSeconds) s, \(limits.totalSeconds) s in all"
            )
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
            return .certificate(place: place, reason: reason)
        // The scheme was looked at before: what libcurl does not know is how the server answers.
        case CURLE_UNSUPPORTED_PROTOCOL:
            return .unreachable(place: place, reason: "what answers there is no web server")
        default: return .unreachable(place: place, reason: reason)
        }
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private static let receive:
        @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
            bytes,
            size,
            count,
            context in
            guard let transfer = of(context), let bytes else { return 0 }
            let length = size * count
            // The body of a redirect is nobody's business.
            guard !(300..<400).contains(transfer.status) else { return length }
            transfer.refusal = transfer.sink.write(UnsafeRawBufferPointer(start: bytes, count: length))
            return transfer.refusal == nil ? length : 0
        }

    private static let advance:
        @convention(c) (UnsafeMutableRawPointer?, curl_off_t, curl_off_t, curl_off_t, curl_off_t) -> Int32 = {
            context,
            expected,
            received,
            _,
            _ in
            guard let transfer = of(context) else { return 1 }
            if let progress = transfer.progress, received != transfer.reported {
                transfer.reported = received
                progress(DownloadProgress(receivedBytes: received, expectedBytes: expected > 0 ? expected : nil))
            }
            return transfer.isCancelled.isRaised ? 1 : 0
        }

    /// Sees the address after the name was resolved, so a name that resolves to the inside is caught as well.
    private static let openSocket:
        @convention(c) (UnsafeMutableRawPointer?, curlsocktype, UnsafeMutablePointer<curl_sockaddr>?)
            -> curl_socket_t = { context, _, target in
                guard let transfer = of(context), let target else { return CURL_SOCKET_BAD }
                let scope = target.scope
                transfer.connectedScope = scope
                if let required = transfer.requiredOrigin, let scope, !required.mayRedirect(to: scope) {
                    transfer.isSocketRefused = true
                    return CURL_SOCKET_BAD
                }
                return target.openSocket()
            }
}
