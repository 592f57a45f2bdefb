extension Call {
    /// The host ends an exchange with its call; an older one may be slower to do so.
    private static let nanosecondsBetweenLooks: UInt64 = 50_000_000

    /// Sends a request through the host and waits for the whole answer, whatever its status.
    ///
    /// It waits on the call's own thread, until the call's deadline at most, and no longer than anybody wants the answer.
    /// Redirects are not followed.
    ///
    /// - Parameters:
    ///   - request: Its host and method must be granted by the manifest.
    ///   - maxBodyBytes: Of the answer's body. A longer one is a failure with the code `body_too_large`, never cut.
    /// - Returns: Status, headers and the whole body.
    /// - Throws: `SkillFailure` of status `denied` for an address that the host does not allow, `deadline`, `cancelled`,
    ///   `tooLarge`, or `upstream` when there is no whole answer. Its message holds nothing of the request.
    public func fetch(_ request: HTTPRequest, maxBodyBytes: Int) throws(SkillFailure) -> HTTPResponse {
        let response = GatheredResponse(maxBodyBytes: maxBodyBytes)
        let exchange = try host.start(request, response, for: handle)
        while true {
            switch response.wait(untilNanoseconds: Monitor.now() + Self.nanosecondsBetweenLooks) {
            case .complete(let response): return response
            case .tooLarge:
                exchange.cancel()
                throw .bodyTooLarge(maxBodyBytes)
            case .failed(let status, let reason):
                log(.info, "an HTTP exchange failed: \(reason)")
                throw .exchange(status)
            case nil: break
            }
            if let deadline = deadlineNanoseconds, deadline <= Monitor.now() {
                exchange.cancel()
                throw .exchange(.deadline)
            }
            if isCancelled {
                exchange.cancel()
                throw .cancelled
            }
        }
    }
}

// Unchecked: the monitor guards all that changes.
/// Collects an answer for somebody who waits for it.
private final class GatheredResponse: HTTPEvents, @unchecked Sendable {
    enum Outcome {
        case complete(HTTPResponse)
        case failed(SkillFailure.Status, reason: String)
        case tooLarge
    }

    private let maxBodyBytes: Int
    private let monitor = Monitor()
    private var status = 0
    private var headers: [(name: String, value: String)] = []
    private var bytes: [UInt8] = []
    private var outcome: Outcome?

    init(maxBodyBytes: Int) { self.maxBodyBytes = maxBodyBytes }

    func head(_ head: HTTPHead) {
        monitor.locked {
            status = head.status
            headers = head.all
        }
    }

    func body(_ piece: UnsafeBufferPointer<UInt8>) {
        monitor.locked {
            guard outcome == nil else { return }
            if piece.count <= maxBodyBytes - bytes.count {
                bytes += piece
            } else {
                bytes = []
                settle(.tooLarge)
            }
        }
    }

    func end(_ end: HTTPEnd) {
        monitor.locked {
            switch end {
            case .complete: settle(.complete(HTTPResponse(status: status, headers: headers, body: bytes)))
            case .failed(let status, let reason): settle(.failed(status, reason: reason))
            }
        }
    }

    /// nil when there is none by then.
    func wait(untilNanoseconds moment: UInt64) -> Outcome? {
        monitor.locked {
            while outcome == nil, Monitor.now() < moment { monitor.wait(untilNanoseconds: moment) }
            return outcome
        }
    }

    private func settle(_ outcome: Outcome) {
        if self.outcome == nil { self.outcome = outcome }
        monitor.signal()
    }
}

extension SkillFailure {
    fileprivate static func bodyTooLarge(_ maxBodyBytes: Int) -> SkillFailure {
        SkillFailure(
            "The server's answer is longer than \(maxBodyBytes) bytes.",
            status: .tooLarge,
            code: "body_too_large"
        )
    }

    /// How an exchange ended, in words that are safe to show.
    fileprivate static func exchange(_ status: Status) -> SkillFailure {
        switch status {
        case .cancelled: .cancelled
        case .denied:
            SkillFailure("The host does not allow this address.", status: status, code: "address_refused")
        case .deadline:
            SkillFailure("The server did not answer in time.", status: status, code: "upstream_timeout")
        case .tooLarge:
            SkillFailure("The server's answer is too large.", status: status, code: "body_too_large")
        case .upstream:
            SkillFailure(
                "The server could not be reached, or its answer broke off.",
                status: status,
                code: "upstream_unreachable"
            )
        default: SkillFailure("The host could not send the request.", status: status, code: "exchange_failed")
        }
    }
}
