import Core
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes
import PluginRuntime
import Synchronization

/// Reads request bodies within their limits of size and time.
final class BodyReader: Sendable {
    private struct Reading {
        let expiresAt: UInt64
        let channel: any Channel
    }

    private struct State {
        var readings: [UInt64: Reading] = [:]
        var nextNumber: UInt64 = 0
    }

    private let limits: HTTPLimits
    private let state = Mutex(State())

    init(limits: HTTPLimits) { self.limits = limits }

    /// The whole body.
    ///
    /// Throws ``Failure`` `body_too_large`; a body that takes too long loses its connection.
    func read(_ request: Request, _ context: APIContext) async throws -> ByteBuffer {
        if let text = request.headers[.contentLength], let length = Int(text), length > limits.maxBodyBytes {
            throw Failure.bodyTooLarge(limit: limits.maxBodyBytes)
        }
        if request.headers[.expect]?.lowercased() == "100-continue" {
            // RFC 9110, 10.1.1: the client waits for this before it sends the body.
            let head = HTTPResponse(status: .continue)
            try? await context.channel.writeAndFlush(HTTPResponsePart.head(head))
        }
        let number = begin(context)
        defer { end(number) }
        do {
            return try await request.body.collect(upTo: limits.maxBodyBytes)
        } catch is NIOTooManyBytesError {
            throw Failure.bodyTooLarge(limit: limits.maxBodyBytes)
        }
    }

    /// Closes the connections whose bodies have taken too long.
    ///
    /// Called every second by ``sweep()``.
    func closeExpired(now: UInt64) {
        let expired = state.withLock { state in state.readings.values.filter { $0.expiresAt <= now } }
        for reading in expired { reading.channel.close(mode: .all, promise: nil) }
    }

    /// Looks for expired bodies once a second until cancelled.
    ///
    /// One look for all connections costs less than a timer for each request, nearly all of which arrive with their
    /// body complete.
    func sweep() async throws {
        while !Task.isCancelled {
            try await Task.sleep(for: .seconds(1))
            closeExpired(now: MonotonicClock.now())
        }
    }

    private func begin(_ context: APIContext) -> UInt64 {
        let expiresAt = context.startedAt &+ UInt64(limits.bodySeconds) &* 1_000_000_000
        return state.withLock { state in
            state.nextNumber += 1
            state.readings[state.nextNumber] = Reading(expiresAt: expiresAt, channel: context.channel)
            return state.nextNumber
        }
    }

    private func end(_ number: UInt64) {
        state.withLock { state in state.readings[number] = nil }
    }
}
