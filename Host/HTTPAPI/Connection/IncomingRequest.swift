import Access
import Core
import Gateway
import NIOCore
import NIOHTTP1
import PluginRuntime

/// A request that goes down a pipeline, its body read whole; it is served on its connection (``RequestGate``).
struct IncomingRequest: Sendable {
    /// The route it is for.
    let route: PipelineRoute
    let headers: HTTPHeaders
    let principal: Result<Principal, Failure>
    /// Why there is none: for someone who may not ask nothing is read, it was too large, or it broke off.
    let body: Result<ByteBuffer, Failure>
    let requestID: String
    let receivedAt: Int64
    /// Nanoseconds of CLOCK_MONOTONIC.
    let startedAt: UInt64
    let clientAddress: String?
    /// Whoever sent it, for as long as there is somebody.
    let client: LeavingClient

    /// Where it came from, and the trace that the client brought.
    var origin: RequestOrigin {
        var origin = RequestOrigin(
            requestID: requestID,
            receivedAt: receivedAt,
            startedAt: startedAt,
            clientAddress: clientAddress
        )
        origin.trace = headers.first(name: "traceparent").flatMap {
            TraceContext(parent: $0, state: headers.first(name: "tracestate"))
        }
        return origin
    }

    var idempotencyKey: String? { headers.first(name: "idempotency-key") }

    /// Whether the client asked for the events of the call rather than for one answer.
    var acceptsEventStream: Bool {
        headers["accept"].contains { $0.lowercased().contains("text/event-stream") }
    }
}
