import CCurl

/// One transfer as its loop sees it; libcurl's callbacks write into it, on the loop's thread like all else.
final class OpenTransfer {
    let transfer: HTTPTransfer
    let policy: HTTPPolicy
    var clock: TransferClock
    private(set) var request: HTTPRequest
    private(set) var handle: UnsafeMutableRawPointer?
    /// Whether the look-up of the name is over: libcurl has an address or a connection.
    var isResolved = false
    var head: ResponseHead
    var redirectTarget: String?
    var usesProxy = false
    /// What a callback did not let pass.
    var refusal: HTTPError?
    var isAddressRefused = false
    private(set) var handler: (any HTTPHandler)?
    private(set) var sockets: WatchedSockets?
    private var fieldList: UnsafeMutablePointer<curl_slist>?
    private var isReadingPaused = false
    private var bodyBytes = 0
    private var redirects = 0

    init(_ opening: Opening) {
        transfer = opening.transfer
        policy = opening.policy
        request = opening.request
        handler = opening.handler
        clock = TransferClock(limits: opening.policy.limits, now: TransferClock.now())
        head = ResponseHead(maxBytes: opening.policy.limits.maxHeadBytes)
    }

    deinit {
        if let handle { curl_easy_cleanup(handle) }
        dropHandle()
    }

    var id: UInt64 { transfer.id }
    /// The handler has heard the end; what libcurl still does is of no interest.
    var hasEnded: Bool { handler == nil }

    func makeHandle(
        _ settings: PumpSettings,
        _ handles: HandlePool,
        _ sockets: WatchedSockets
    ) throws(HTTPError) -> UnsafeMutableRawPointer {
        let proxy = settings.proxies.proxy(for: request.address)
        usesProxy = proxy != nil
        if usesProxy { try checkLiteral() }
        guard let handle = handles.take() else { throw .exhausted(reason: "libcurl has no memory") }
        self.handle = handle
        self.sockets = sockets
        let options = TransferOptions(request: request, limits: policy.limits, settings: settings, proxy: proxy)
        guard options.apply(to: handle, fieldList: &fieldList), connectCallbacks(of: handle) else {
            curl_easy_cleanup(handle)
            dropHandle()
            throw .exhausted(reason: "libcurl refused an option it must know")
        }
        if policy.maxRedirects == 0 { request.forgetBody() }
        return handle
    }

    /// Where a proxy resolves the name, the address behind it does not show; one that is written out does.
    private func checkLiteral() throws(HTTPError) {
        guard let scope = AddressScope(host: request.address.plainHost) else { return }
        guard policy.mayConnect(to: scope, for: request.address) else { throw internalAddress }
    }

    var internalAddress: HTTPError {
        .refused(reason: "\(request.address.host) is at an internal address, which the operator has not allowed")
    }

    /// Lets go of libcurl's handle, which is the caller's from then on.
    func dropHandle() {
        if let fieldList { curl_slist_free_all(fieldList) }
        handle = nil
        fieldList = nil
    }

    func end(with error: HTTPError?) {
        let handler = handler
        self.handler = nil
        handler?.end(error)
    }
}

extension OpenTransfer {
    func receiveLine(_ line: UnsafeRawBufferPointer) -> Bool {
        guard !hasEnded, !transfer.isCancelled else { return false }
        switch head.add(line) {
        case .open: return true
        case .tooLarge:
            refusal = .headTooLarge(maxBytes: policy.limits.maxHeadBytes)
            return false
        case .complete:
            clock.hasPiece(at: TransferClock.now())
            if policy.maxRedirects > 0, [301, 302, 303, 307, 308].contains(head.status),
                let target = head.value(of: "location")
            {
                redirectTarget = target
            } else {
                handler?.head(status: head.status, fields: shownFields)
            }
            return true
        }
    }

    /// Returns what libcurl expects: the count of bytes taken, or that it shall wait or stop.
    func receive(_ piece: UnsafeRawBufferPointer) -> Int {
        // The body of a redirect is nobody's business.
        guard !hasEnded, redirectTarget == nil, !transfer.isCancelled else { return 0 }
        if transfer.isPaused {
            isReadingPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        let limits = policy.limits
        let maxBytes = request.decodesBody ? min(limits.maxBodyBytes, limits.maxDecodedBytes) : limits.maxBodyBytes
        guard piece.count <= maxBytes - bodyBytes else {
            refusal = .bodyTooLarge(maxBytes: maxBytes)
            return 0
        }
        bodyBytes += piece.count
        clock.hasPiece(at: TransferClock.now())
        handler?.body(piece)
        return piece.count
    }

    /// Lets libcurl read again; it may hand out what it holds before this returns.
    func continueReading() {
        guard isReadingPaused, let handle else { return }
        isReadingPaused = false
        curl_easy_pause(handle, CURLPAUSE_CONT)
    }

    /// Fields that speak of the body as it was sent say nothing about the one that is handed out.
    private var shownFields: [HTTPField] {
        guard request.decodesBody, head.value(of: "content-encoding") != nil else { return head.fields }
        return head.fields.filter { $0.name != "content-encoding" && $0.name != "content-length" }
    }
}

extension OpenTransfer {
    /// Judges how a request ended; true when another one follows it, to the target of a redirect.
    func follow(after code: CURLcode) throws(HTTPError) -> Bool {
        if let target = redirectTarget {
            try turn(to: target)
            return true
        }
        if let refusal { throw refusal }
        if code == CURLE_OK, head.isComplete { return false }
        if transfer.isCancelled { throw .cancelled }
        throw error(for: code)
    }

    private func turn(to target: String) throws(HTTPError) {
        redirects += 1
        guard redirects <= policy.maxRedirects else { throw .tooManyRedirects(limit: policy.maxRedirects) }
        request = try request.redirected(to: target, status: head.status)
        try policy.check(request)
        head = ResponseHead(maxBytes: policy.limits.maxHeadBytes)
        redirectTarget = nil
        isResolved = false
        isAddressRefused = false
        isReadingPaused = false
        clock.restart()
    }

    private func error(for code: CURLcode) -> HTTPError {
        let host = request.address.host
        let reason = code == CURLE_OK ? "it is not HTTP" : String(cString: curl_easy_strerror(code))
        switch code {
        case CURLE_COULDNT_CONNECT where isAddressRefused: return internalAddress
        case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY,
            CURLE_SSL_CONNECT_ERROR:
            return .unreachable(host: host, reason: reason)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CERTPROBLEM:
            return .certificate(host: host, reason: reason)
        case CURLE_OPERATION_TIMEDOUT:
            return .timedOut(phase: "to connect", milliseconds: policy.limits.connectMilliseconds)
        case CURLE_OUT_OF_MEMORY: return .exhausted(reason: reason)
        default: return .interrupted(host: host, reason: reason)
        }
    }
}
