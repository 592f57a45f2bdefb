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
        var expiresAt: UInt64
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
        await askFor(request, context)
        let number = begin(context.channel, at: context.startedAt)
        defer { end(number) }
        do {
            return try await request.body.collect(upTo: limits.maxBodyBytes)
        } catch is NIOTooManyBytesError {
            throw Failure.bodyTooLarge(limit: limits.maxBodyBytes)
        }
    }

    /// Hands over a long body part by part, for as long as it keeps coming.
    ///
    /// Each part has the time that a short body has in all; one that takes longer loses its connection.
    func forEachPart(
        of request: Request,
        _ context: APIContext,
        _ work: (ByteBuffer) throws -> Void
    ) async throws {
        await askFor(request, context)
        let number = begin(context.channel, at: MonotonicClock.now())
        defer { end(number) }
        for try await part in request.body {
            try work(part)
            state.withLock { $0.readings[number]?.expiresAt = expiry(from: MonotonicClock.now()) }
        }
    }

    /// RFC 9110, 10.1.1: a client may wait for this before it sends the body.
    private func askFor(_ request: Request, _ context: APIContext) async {
        guard request.headers[.expect]?.lowercased() == "100-continue" else { return }
        try? await context.channel.writeAndFlush(HTTPResponsePart.head(HTTPResponse(status: .continue)))
    }

    /// Closes the connections whose bodies have taken too long.
    ///
    /// Called every second.
    func closeExpired(now: UInt64) {
        let expired = state.withLock { state in state.readings.values.filter { $0.expiresAt <= now } }
        for reading in expired { reading.channel.close(mode: .all, promise: nil) }
    }

    private func expiry(from start: UInt64) -> UInt64 { start &+ UInt64(limits.bodySeconds) &* 1_000_000_000 }

    /// Watches over a body that began to come at `start`; ``end(_:)`` follows.
    func begin(_ channel: any Channel, at start: UInt64) -> UInt64 {
        let expiresAt = expiry(from: start)
        return state.withLock { state in
            state.nextNumber += 1
            state.readings[state.nextNumber] = Reading(expiresAt: expiresAt, channel: channel)
            return state.nextNumber
        }
    }

    func end(_ number: UInt64) {
        state.withLock { state in state.readings[number] = nil }
    }
}
