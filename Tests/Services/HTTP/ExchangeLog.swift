import Foundation
import PluginRuntime
import TestSupport

/// What a plugin would hear of an exchange, and a way to wait for it.
///
/// @unchecked Sendable: everything is touched only under `condition`.
final class ExchangeLog: HTTPExchangeEvents, @unchecked Sendable {
    struct Heard {
        var status: Int32?
        var headers: [String] = []
        var body: [UInt8] = []
        var ends = 0
        var error: ServiceError?
        var reason = ""

        var text: String { String(decoding: body, as: UTF8.self) }
        var hasEnded: Bool { ends > 0 }
    }

    private let condition = NSCondition()
    private var state = Heard()

    var heard: Heard { condition.withLock { state } }

    func head(status: Int32, headers: [(name: String, value: String)]) {
        change {
            $0.status = status
            $0.headers = headers.map { "\($0.name): \($0.value)" }
        }
    }

    func body(_ piece: UnsafeRawBufferPointer) { change { $0.body += piece } }

    func end(error: ServiceError?, reason: String) {
        change {
            $0.ends += 1
            $0.error = error
            $0.reason = reason
        }
    }

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
            condition.broadcast()
        }
    }
}

extension HTTPExchangeRequest {
    static func get(
        _ url: String,
        method: String = "GET",
        headers: [(name: String, value: String)] = [],
        timeout: UInt32 = 0,
        firstByte: UInt32 = 0,
        idle: UInt32 = 0
    ) -> HTTPExchangeRequest {
        HTTPExchangeRequest(
            method: method,
            url: url,
            headers: headers,
            body: [],
            timeoutMilliseconds: timeout,
            firstByteMilliseconds: firstByte,
            idleMilliseconds: idle
        )
    }
}
