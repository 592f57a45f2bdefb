import Egress
import Foundation
import TestSupport

/// What a handler hears, and a way to wait for it.
///
/// @unchecked Sendable: everything is touched only under `condition`.
final class TransferLog: HTTPHandler, @unchecked Sendable {
    struct Heard {
        var status: Int?
        var fields: [HTTPField] = []
        var bodyBytes = 0
        /// The beginning of the body.
        var body: [UInt8] = []
        var pieces = 0
        var ends = 0
        var error: HTTPError?
        var isOutOfOrder = false
        var threads: Set<pthread_t> = []
        var endedAt: ContinuousClock.Instant?

        var text: String { String(decoding: body, as: UTF8.self) }
        var hasEnded: Bool { ends > 0 }
    }

    private static let maxKeptBytes = 1 << 20
    private let condition = NSCondition()
    private var state = Heard()
    private var onPiece: @Sendable () -> Void = {}

    var heard: Heard { condition.withLock { state } }

    /// Runs inside every body event.
    func onEveryPiece(_ body: @escaping @Sendable () -> Void) { condition.withLock { onPiece = body } }

    func head(status: Int, fields: [HTTPField]) {
        change { heard in
            heard.isOutOfOrder = heard.isOutOfOrder || heard.status != nil || heard.pieces > 0 || heard.hasEnded
            heard.status = status
            heard.fields = fields
        }
    }

    func body(_ piece: UnsafeRawBufferPointer) {
        change { heard in
            heard.isOutOfOrder = heard.isOutOfOrder || heard.status == nil || heard.hasEnded
            heard.pieces += 1
            heard.bodyBytes += piece.count
            heard.body += piece.prefix(Self.maxKeptBytes - heard.body.count)
        }
        condition.withLock { onPiece }()
    }

    func end(_ error: HTTPError?) {
        change { heard in
            heard.ends += 1
            heard.error = error
            heard.endedAt = .now
        }
    }

    /// Waits until what was heard satisfies `isEnough` or the time is up; what was heard by then.
    @discardableResult
    func wait(seconds: Double = 20, until isEnough: @escaping @Sendable (Heard) -> Bool = \.hasEnded) async throws
        -> Heard
    {
        try await Blocking.run { [self] in
            let deadline = Date(timeIntervalSinceNow: seconds)
            condition.lock()
            defer { condition.unlock() }
            while !isEnough(state), condition.wait(until: deadline) {}
            return state
        }
    }

    private func change(_ body: (inout Heard) -> Void) {
        condition.withLock {
            body(&state)
            state.threads.insert(pthread_self())
            condition.broadcast()
        }
    }
}

extension HTTPPolicy {
    /// Everything on this machine.
    static func loopback(
        owner: String = "acme/tests",
        maxTransfers: Int = 1024,
        maxRedirects: Int = 0,
        limits: HTTPLimits = HTTPLimits()
    ) -> HTTPPolicy {
        HTTPPolicy(
            owner: owner,
            hosts: [.any],
            methods: ["GET", "HEAD", "POST", "DELETE"],
            privateHosts: [.any],
            maxTransfers: maxTransfers,
            maxRedirects: maxRedirects,
            limits: limits
        )
    }
}

extension HTTPClient {
    /// Sends a request and waits for the end.
    func exchange(_ request: HTTPRequest, policy: HTTPPolicy = .loopback()) async throws -> TransferLog.Heard {
        let log = TransferLog()
        _ = try start(request, policy: policy, handler: log)
        return try await log.wait()
    }

    func exchange(_ url: String, policy: HTTPPolicy = .loopback()) async throws -> TransferLog.Heard {
        try await exchange(HTTPRequest(url: url), policy: policy)
    }
}
