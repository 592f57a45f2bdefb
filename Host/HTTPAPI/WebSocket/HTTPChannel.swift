import Hummingbird
package import HummingbirdCore
package import Logging
package import NIOCore
import NIOHTTP1
package import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// A connection of the host: HTTP/1.1 by Hummingbird, until a request makes a WebSocket of it.
///
/// After that its pipeline is another one; the task that reads HTTP requests waits for the next, which never comes, and
/// ends with the connection.
package struct HTTPChannel: ServerChildChannel, HTTPChannelHandler {
    package typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    package let responder: HTTPChannelHandler.Responder
    let webSockets: WebSocketHost
    let clients: ConnectedClients
    /// The time a connection may be silent between requests.
    let idle: Duration
    /// The time a client may take to read what waits for it.
    let stall: Duration

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            var limits = NIOHTTPDecoderLimitConfiguration()
            limits.maxHeaderFieldSize = 80 << 10
            limits.maxHeaderListSize = 80 << 10
            limits.maxHeaderFieldCount = 1000
            let encoder = HTTPResponseEncoder()
            let decoder = ByteToMessageHandler(
                HTTPRequestDecoder(
                    leftOverBytesStrategy: .forwardBytes,
                    informationalResponseStrategy: .drop,
                    limitConfiguration: limits
                )
            )
            let codec = HTTP1ToHTTPServerCodec(secure: false)
            let idleWatch = HTTPConnectionStateHandler(idleTimeout: idle, logger: logger)
            let framing = RequestFraming()
            let gate = UpgradeGate(
                host: webSockets,
                handlers: .init(encoder: encoder, decoder: decoder, others: [framing, codec, idleWatch])
            )
            try clients.join(channel)
            try pipeline.addHandlers([encoder, decoder, framing, gate, codec, StalledReader(limit: stall), idleWatch])
            return try NIOAsyncChannel(
                wrappingChannelSynchronously: channel,
                configuration: .init(isOutboundHalfClosureEnabled: true)
            )
        }
    }

    package func handle(value: Value, logger: Logger) async {
        await handleHTTP(asyncChannel: value, logger: logger)
    }
}
