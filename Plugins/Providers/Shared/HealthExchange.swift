internal import Glibc
internal import PraximousJSON
package import PraximousPlugin
internal import Synchronization

/// Asks a server whether it is there: whatever it says, the reply finishes with a state.
package final class HealthExchange: HTTPEvents {
    /// Of the two seconds that a host gives.
    package static let limitMilliseconds: UInt32 = 1800

    private let reply: Reply
    private let started = HealthExchange.now()
    private let status = Mutex(0)

    package init(_ reply: Reply) { self.reply = reply }

    package func head(_ head: HTTPHead) { status.withLock { $0 = head.status } }

    package func body(_ piece: UnsafeBufferPointer<UInt8>) {}

    package func end(_ end: HTTPEnd) {
        let status = status.withLock { $0 }
        let latency = (Self.now() - started) / 1_000_000
        let state =
            switch status {
            case 0, 401, 403: "down"
            case 429, 500...: "degraded"
            default: "ok"
            }
        var result: JSONObject = ["status": .string(state), "latency_ms": .integer(latency)]
        if status != 0 { result["http_status"] = .integer(status) }
        if case .failed(.cancelled, _) = end { return reply.fail(.cancelled) }
        reply.finish(.object(result))
    }

    private static func now() -> Int {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return now.tv_sec * 1_000_000_000 + now.tv_nsec
    }
}

extension Reply {
    /// Finishes with the state of the server behind a URL.
    package func askHealth(_ request: HTTPRequest) {
        var request = request
        request.timeoutMilliseconds = HealthExchange.limitMilliseconds
        do throws(SkillFailure) {
            try start(request, HealthExchange(self))
        } catch {
            finish(["status": "down"])
        }
    }

    /// Starts an exchange, and fails in the words of a provider when the host does not.
    package func ask(_ request: HTTPRequest, _ events: any HTTPEvents) {
        do throws(SkillFailure) {
            try start(request, events)
        } catch {
            fail(.exchange(error.status, hasHead: false))
        }
    }
}
